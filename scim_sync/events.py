"""The provisioning log: one row a write or refused write, refused repetitions counted in one."""

import hashlib
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from scim_sync.models import ProvisioningEvent


def add_event(**fields: Any) -> ProvisioningEvent:
    """Write one event from ProvisioningEvent's fields."""
    return ProvisioningEvent.objects.create(**fields)


def add_or_count_event(**fields: Any) -> None:
    """Write a refused call, or count it on the row of the same refusal of the same day."""
    now = timezone.now()
    same = [
        now.date().isoformat(),
        *(
            str(fields.get(name, ""))
            for name in ("method", "path", "status", "scim_type", "detail", "token", "cause")
        ),
    ]
    key = hashlib.sha256("\0".join(same).encode()).hexdigest()
    rows = ProvisioningEvent.objects.filter(installation=fields["installation"], coalesce_key=key)
    again = {
        "count": F("count") + 1,
        "last_at": now,
        "request_id": fields["request_id"],
        "milliseconds": fields["milliseconds"],
    }
    if rows.update(**again):
        return
    try:
        with transaction.atomic():
            ProvisioningEvent.objects.create(coalesce_key=key, first_at=now, last_at=now, **fields)
    except IntegrityError:  # another worker wrote the first one meanwhile
        rows.update(**again)
