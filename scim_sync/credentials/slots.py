"""The two places of credentials that replace one another."""

from datetime import timedelta
from typing import Any, TypeVar

from django.db.models import Manager, QuerySet
from django.utils import timezone

from printmgmt.organizations.models import Account
from printmgmt.tokens import bearer
from printmgmt.tokens.models import ExpiringToken
from scim_sync.exceptions import NoFreeSlot
from scim_sync.models import SLOTS

Row = TypeVar("Row", bound=ExpiringToken)


def create_in_slot(
    rows: Manager[Row], *, mark: str, label: str, account: Account | None, lifetime: timedelta, full: str
) -> tuple[Row, str]:
    """Create a credential of one owner, whose credentials ``rows`` are, and return it with its text.

    Call it with the owner locked. Expired ones give up their slot; raises NoFreeSlot with the sentence
    ``full`` when two live.
    """
    slot = _free_slot(rows.all(), full=full)
    new = bearer.new_token(mark)
    now = timezone.now()
    row = rows.create(
        prefix=new.prefix,
        digest=new.digest,
        label=label,
        slot=slot,
        issued_by=account,
        issued_at=now,
        expires_at=now + lifetime,
    )
    return row, new.text


def _free_slot(rows: QuerySet[Any], *, full: str) -> int:
    rows.filter(slot__isnull=False, expires_at__lte=timezone.now()).update(slot=None)
    taken = set(rows.filter(slot__isnull=False).values_list("slot", flat=True))
    slot = next((slot for slot in SLOTS if slot not in taken), None)
    if slot is None:
        raise NoFreeSlot(full)
    return slot
