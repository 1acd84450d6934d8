"""Everything the provisioning log keeps, as one text: for tests of what must not be in it."""

from scim_sync.models import ProvisioningEvent, ProvisioningEventBody, ProvisioningEventCounter

TABLES = (ProvisioningEvent, ProvisioningEventBody, ProvisioningEventCounter)


def kept_log() -> str:
    """Every value of every row of events, bodies and counters."""
    return str([list(table.objects.values()) for table in TABLES])
