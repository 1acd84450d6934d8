"""Who is at a row: a lease in the row itself, and void when another worker takes over."""

import os
import secrets
import socket
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Generic, TypeVar

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from printmgmt.work.models import WorkRow

Row = TypeVar("Row", bound=WorkRow)


class LeaseLost(Exception):
    """The attempt took longer than its lease and another worker took over: its outcome is void."""


def new_owner() -> str:
    """A name for the claiming process, new each time, so no lease looks like an earlier process's."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(8)}"


def due(rows: QuerySet[Row]) -> QuerySet[Row]:
    """Those of ``rows`` whose time has come and that nobody is at."""
    now = timezone.now()
    return rows.filter(Q(lease_until__isnull=True) | Q(lease_until__lt=now), due_at__lte=now)


@dataclass(frozen=True)
class Claim(Generic[Row]):
    """One attempt of one worker at one row."""

    row: Row
    owner: str
    lease: timedelta

    def renew(self) -> None:
        """Have the whole lease once more from now on. Raises LeaseLost."""
        self.note(lease_until=timezone.now() + self.lease)

    def release(self, **columns: Any) -> None:
        """Write the outcome and let the row go. Raises LeaseLost, and then nothing is written."""
        self.note(lease_until=None, lease_owner="", **columns)

    def note(self, **columns: Any) -> None:
        """Write columns while it goes on, such as how far it is. Raises LeaseLost."""
        held = type(self.row)._default_manager.filter(pk=self.row.pk, lease_owner=self.owner)
        if not held.update(**columns):
            raise LeaseLost


def claim(rows: QuerySet[Row], pk: object, owner: str, lease: timedelta) -> bool:
    """Take the lease of a row unless someone else has it; return whether it is ours now.

    The attempt counts as a crash until it comes back. ``rows`` may filter by columns of the row only: after
    waiting for a row PostgreSQL checks a plain WHERE again, a join or subquery it does not.
    """
    now = timezone.now()
    taken = due(rows).filter(pk=pk).update(
        lease_until=now + lease,
        lease_owner=owner,
        attempts=F("attempts") + 1,
        crashes=F("crashes") + 1,
        first_tried_at=Coalesce(F("first_tried_at"), now),
    )  # fmt: skip
    return bool(taken)
