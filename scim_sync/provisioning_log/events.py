"""The provisioning log: one row a write or refused write, without secrets, repeated refusals in one."""

import hashlib
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from printmgmt.people.names import name_key
from scim_sync.models import Action, ProvisioningEvent
from scim_sync.provisioning_log.masking import masked_event

ALIKE = ("method", "path", "status", "scim_type", "detail")
ALIKE_AT_THE_DOOR = ("action", "reasons")


def add_event(**fields: Any) -> ProvisioningEvent:
    """Write one event from ProvisioningEvent's fields, of which everything secret is left out."""
    return _add(masked_event(fields))


def add_or_count_event(**fields: Any) -> None:
    """Write a refused call, or count it on the row of the same refusal of the same day."""
    fields = masked_event(fields)
    now = timezone.now()
    key = _coalesce_key(now.date().isoformat(), fields)
    rows = ProvisioningEvent.objects.filter(installation=fields["installation"], coalesce_key=key)
    again = {
        "count": F("count") + 1,
        "last_at": now,
        "request_id": fields["request_id"],
        "address": fields.get("address"),
        "milliseconds": fields["milliseconds"],
    }
    if rows.update(**again):
        return
    try:
        with transaction.atomic():
            _add({"coalesce_key": key, "first_at": now, "last_at": now, **fields})
    except IntegrityError:  # another worker wrote the first one meanwhile
        rows.update(**again)


def _add(fields: dict[str, Any]) -> ProvisioningEvent:
    return ProvisioningEvent.objects.create(subject_key=name_key(fields.get("subject", "")), **fields)


def _coalesce_key(day: str, fields: dict[str, Any]) -> str:
    token = fields["token"]
    alike = ALIKE_AT_THE_DOOR if fields["action"] == Action.SIGN_IN else ALIKE
    same = [day, str(token.pk) if token else "", *(str(fields.get(name, "")) for name in alike)]
    return hashlib.sha256("\0".join(same).encode()).hexdigest()
