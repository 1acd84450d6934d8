"""Contact and refusals, for the details page and the fragment that it polls."""

from dataclasses import dataclass
from typing import NamedTuple

from django.utils import timezone

from addons.models import Installation
from scim_sync.models import NOT_LISTED, Contact, ProvisioningEvent
from scim_sync.monitoring.cycles import Cycles, cycles_of
from scim_sync.monitoring.health import RECENT
from scim_sync.provisioning_log.causes import Cause, explain

LAST_REFUSED = 5
SOON, LATER = 3, 30
"""Seconds between two polls: while the page waits for the first request, and from then on."""


class RefusedCall(NamedTuple):
    """A refused request and its causes."""

    event: ProvisioningEvent
    causes: list[Cause]


@dataclass(frozen=True)
class Connection:
    """The directory's contact and cycles; ``refused`` are the newest refused calls of the last day."""

    contact: Contact | None
    refused: list[RefusedCall]
    cycles: Cycles

    @property
    def poll_seconds(self) -> int:
        return LATER if self.contact else SOON


def connection_of(installation: Installation) -> Connection:
    """Contact, refusals and cycles of an installation."""
    rows = Contact.objects.filter(installation=installation)
    contact = rows.select_related("installation__mapping_hints").first()
    refused = installation.events.counted().filter(counter__at__gte=timezone.now() - RECENT)
    return Connection(
        contact=contact,
        refused=[
            RefusedCall(event, explain(event))
            for event in refused.defer(*NOT_LISTED).order_by("-counter__at", "-id")[:LAST_REFUSED]
        ],
        cycles=cycles_of(installation, contact),
    )
