"""Carries out operations: a turn of one operation, and the transaction of one item."""

from functools import partial
from time import monotonic
from typing import Any, ClassVar, Final

import structlog
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from printmgmt.bulk.kinds import Failed, Kind, Skipped, kind_named
from printmgmt.bulk.models import BULK_WORK, BulkItem, BulkOperation, ItemState, OperationState
from printmgmt.bulk.progress import counts
from printmgmt.bulk.services import end
from printmgmt.deadlocks import retry_on_deadlock
from printmgmt.work.claims import Claim
from printmgmt.work.kinds import Work, WorkError
from printmgmt.work.nudges import nudge_after_commit
from printmgmt.work.patience import Patience

log = structlog.get_logger(__name__)

TURN: Final = 100
"""Items of a turn, at most."""

SECONDS: Final = 5.0
"""After which a turn begins no further item, so that no worker is kept from single leavers' steps."""

ATTEMPTS: Final = 2
"""How often an item may be begun after a worker died; then it has failed."""


class BulkOperations(Work[BulkOperation]):
    """The operations that were started. The key of a nudge is an operation's id."""

    name = BULK_WORK
    model = BulkOperation
    open: ClassVar[Q] = Q(state=OperationState.WORKING)
    budget = SECONDS
    # An order has no end of its own: however long the database is away, what was ordered is done.
    patience = Patience(longest_wait=60.0, crashes=20, time=None)

    def load(self, pk: Any) -> BulkOperation:
        return BulkOperation.objects.select_related("organization").get(pk=pk)

    def context(self, row: BulkOperation) -> dict[str, str]:
        return {"operation": str(row.pk), "kind": row.kind, "request_id": row.request_id}

    def perform(self, claim: Claim[BulkOperation]) -> None:
        """Change the next items, then let the operation go, so that another one has its turn."""
        operation, kind = claim.row, kind_named(claim.row.kind)
        if kind is None:
            raise WorkError(_("This version of the console does not know the operation."), permanent=False)
        # Claiming counts a crash: above one, the last turn did not come back.
        take_turn(operation, kind, carefully=operation.crashes > 1)
        self.finish(claim, due_at=timezone.now())

    @transaction.atomic
    def give_up(self, claim: Claim[BulkOperation], error: str) -> None:
        """Fail the items that are left."""
        left = claim.row.items.filter(state=ItemState.PENDING)
        left.update(state=ItemState.FAILED, reason=error, ended_at=timezone.now())
        self.finish(claim)

    @transaction.atomic
    def record(self, claim: Claim[BulkOperation], columns: dict[str, Any]) -> None:
        """Save how far it is, and end it if nothing is left."""
        operation = BulkOperation.objects.select_for_update(no_key=True).get(pk=claim.row.pk)
        claim.release(**columns, **counts(operation))
        if operation.state != OperationState.WORKING:  # stopped in the meantime
            return
        if operation.items.filter(state=ItemState.PENDING).exists():
            nudge_after_commit(self.name, operation.pk)
        else:
            end(operation, OperationState.FINISHED)


def take_turn(operation: BulkOperation, kind: Kind, *, carefully: bool) -> None:
    """Change the next items. ``carefully``: count each before it is begun, since one may kill its worker."""
    deadline = monotonic() + SECONDS
    items = list(operation.items.filter(state=ItemState.PENDING).order_by("id")[:TURN])
    rows = kind.load(operation, [item.object_id for item in items])
    for item in items:
        if monotonic() >= deadline:
            return
        if carefully and not _begin(item):
            _close(item, ItemState.FAILED, _("The worker stopped each time."))
        else:
            _change(operation, kind, item, rows.get(item.object_id))


def _begin(item: BulkItem) -> bool:
    """Count an attempt, and return whether it may be made."""
    rows = BulkItem.objects.filter(pk=item.pk, attempts__lt=ATTEMPTS)
    return bool(rows.update(attempts=F("attempts") + 1))


def _change(operation: BulkOperation, kind: Kind, item: BulkItem, row: Any) -> None:
    """Change one item and record what became of it. A failure leaves nothing of the change behind."""
    if row is None:
        _close(item, ItemState.SKIPPED, _("No longer exists."))
        return
    try:
        retry_on_deadlock(partial(_act, operation, kind, item, row))
    except Skipped as nothing:
        _close(item, ItemState.SKIPPED, str(nothing))
    except Failed as refused:
        _close(item, ItemState.FAILED, str(refused))
    except Exception as error:
        # One item must not keep the others from their turn.
        log.exception("an item of a bulk operation failed", item=item.object_id)
        _close(item, ItemState.FAILED, _("Unexpected error: %s.") % type(error).__name__)


@transaction.atomic
def _act(operation: BulkOperation, kind: Kind, item: BulkItem, row: Any) -> None:
    # First: the item is ours until the commit, and anyone who waits for it finds it done (or stopped).
    if _close(item, ItemState.DONE):
        kind.act(operation, item, row)


def _close(item: BulkItem, state: ItemState, reason: str = "") -> bool:
    """Mark a pending item as over, and return whether it was still pending."""
    pending = BulkItem.objects.filter(pk=item.pk, state=ItemState.PENDING)
    return bool(pending.update(state=state, reason=reason, ended_at=timezone.now()))
