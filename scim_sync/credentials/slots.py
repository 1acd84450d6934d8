"""The two places of credentials that replace one another."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from scim_sync.exceptions import NoFreeSlot
from scim_sync.models import SLOTS


def take_slot(rows: QuerySet[Any], *, full: str) -> int:
    """Return a free slot among the credentials of one owner; expired ones give theirs up.

    Call it with the owner locked. Raises NoFreeSlot with the sentence ``full``.
    """
    rows.filter(slot__isnull=False, expires_at__lte=timezone.now()).update(slot=None)
    taken = set(rows.filter(slot__isnull=False).values_list("slot", flat=True))
    slot = next((slot for slot in SLOTS if slot not in taken), None)
    if slot is None:
        raise NoFreeSlot(full)
    return slot
