"""Writing the provisioning log: an event for each write or refused request, without secrets."""

import hashlib
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from printmgmt.people.names import name_key
from scim_sync.models import Action, ProvisioningEvent, ProvisioningEventBody, ProvisioningEventCounter
from scim_sync.provisioning_log.inserts import insert_together
from scim_sync.provisioning_log.masking import masked_event

SAME = ("method", "path", "status", "scim_type", "detail")
"""What makes two refused requests of one day and token the same."""

SAME_SIGN_IN = ("action", "reasons")


def add_event(**fields: Any) -> ProvisioningEvent:
    """Write one event from fields of ProvisioningEvent, ``request_body`` and ``response_body``.

    Everything secret is left out. Returns the event.
    """
    event, bodies = _event_of(masked_event(fields))
    insert_together(event, *bodies)
    return event


def add_or_count_event(**fields: Any) -> None:
    """Write the event of a refused or failed request, or count it with the same one of the same day."""
    fields = masked_event(fields)
    now = timezone.now()
    installation, key = fields["installation"], _key(now.date().isoformat(), fields)
    newest = {name: fields.get(name) for name in ("request_id", "address", "milliseconds")} | {"at": now}
    counters = ProvisioningEventCounter.objects.filter(installation=installation, key=key)
    again = {"count": F("count") + 1, **newest}
    if counters.update(**again):
        return
    event, bodies = _event_of({"at": now, **fields})
    counter = ProvisioningEventCounter(installation=installation, key=key, **newest)
    try:
        with transaction.atomic():
            insert_together(event, counter, *bodies)
    except IntegrityError:  # another process wrote the first one in the meantime
        counters.update(**again)


def _event_of(fields: dict[str, Any]) -> tuple[ProvisioningEvent, list[ProvisioningEventBody]]:
    """An event and its bodies, if it has any, from masked fields; not written yet."""
    fields = {**fields, "subject_key": name_key(fields.get("subject", ""))}
    request, response = fields.pop("request_body", None), fields.pop("response_body", None)
    event = ProvisioningEvent(**fields)
    if request is None and response is None:
        return event, []
    return event, [ProvisioningEventBody(request=request, response=response)]


def _key(day: str, fields: dict[str, Any]) -> str:
    token = fields["token"]
    names = SAME_SIGN_IN if fields["action"] == Action.SIGN_IN else SAME
    same = [day, str(token.pk) if token else "", *(str(fields.get(name, "")) for name in names)]
    return hashlib.sha256("\0".join(same).encode()).hexdigest()
