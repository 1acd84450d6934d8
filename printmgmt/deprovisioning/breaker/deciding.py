"""Decides about a batch: approve what waits, or restore everyone."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from printmgmt.audit.actors import Actor
from printmgmt.audit.services import record
from printmgmt.bulk.exceptions import NothingChosen
from printmgmt.bulk.models import OperationState
from printmgmt.bulk.services import order
from printmgmt.deprovisioning.breaker.operations import Approval, RestoreAll
from printmgmt.deprovisioning.exceptions import LeavingError
from printmgmt.deprovisioning.models import OPEN_RUN_STATES, BatchState, BreakerBatch, RunState, StepState
from printmgmt.organizations.models import Account


class AlreadyDecided(LeavingError):
    """Someone decided about the batch, and nothing of it waits any more."""


@transaction.atomic
def approve(batch: BreakerBatch, *, by: Actor, account: Account | None = None) -> None:
    """Let what waits go on, on its dates: a step whose date has passed is performed at once.

    Locks and refreshes ``batch``. Raises AlreadyDecided.
    """
    _lock(batch)
    runs = batch.runs.filter(steps__state=StepState.WAITING).distinct().order_by("pk")
    _carry_out(
        batch, BatchState.APPROVED, Approval.name, list(runs.values_list("pk", flat=True)), by, account
    )


@transaction.atomic
def restore_all(batch: BreakerBatch, *, reason: str, by: Actor, account: Account | None = None) -> None:
    """Give everyone of a batch their access back who has not come back, left again or been blocked since.

    People who cannot be restored stay gone, and their steps go on waiting. Locks and refreshes ``batch``.
    Raises AlreadyDecided.
    """
    _lock(batch)
    runs = batch.runs.filter(state__in=OPEN_RUN_STATES).order_by("cut_at", "pk")
    batch.reason = reason
    _carry_out(
        batch, BatchState.RESTORED, RestoreAll.name, list(runs.values_list("pk", flat=True)), by, account
    )


def is_decidable(batch: BreakerBatch) -> bool:
    """Whether a batch is open, or something of it still waits after what was decided is carried out."""
    if batch.state == BatchState.OPEN:
        return True
    operation = batch.operation
    if operation is not None and operation.state == OperationState.WORKING:
        return False
    return batch.runs.filter(state=RunState.WAITING).exists()


def _lock(batch: BreakerBatch) -> None:
    batch.refresh_from_db(from_queryset=BreakerBatch.objects.select_for_update(no_key=True))
    if not is_decidable(batch):
        raise AlreadyDecided(_("Someone has decided this already."))


def _carry_out(
    batch: BreakerBatch, state: BatchState, kind: str, runs: list[UUID], by: Actor, account: Account | None
) -> None:
    batch.state, batch.decided_at, batch.decided_by = state, timezone.now(), account
    try:
        batch.operation = order(
            kind,
            runs,
            organization=batch.organization,
            by=by,
            reason=batch.reason,
            options={"batch": str(batch.pk)},
        )
    except NothingChosen:
        batch.operation = None
    batch.save()
    record(
        batch.organization,
        f"breaker.{state}",
        by=by,
        object_type="batch",
        object_id=batch.pk,
        people=len(runs),
        reason=batch.reason,
    )
