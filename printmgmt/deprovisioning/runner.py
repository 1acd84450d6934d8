"""Performs steps: claim by lease, look at the person again, act, verify, record every attempt."""

import os
import random
import socket
import threading
from datetime import timedelta
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.translation import gettext as _

from printmgmt.deprovisioning.models import DUE_STATES, DeprovisionRun, DeprovisionStep, StepState
from printmgmt.deprovisioning.progress import settle_run
from printmgmt.deprovisioning.steps import STEP_BY_NAME
from printmgmt.deprovisioning.steps.base import Evidence, Step, StepError, Target

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=60)
BATCH = 50
MAX_CRASHES = 5
GIVE_UP_AFTER = timedelta(hours=72)
BACKOFF_START = 5.0
BACKOFF_LIMIT = 3600.0


def perform_due(*, run_id: UUID | None = None) -> int:
    """Claim and perform due steps until none is left, of one run or of all; return how many were performed."""
    performed = 0
    owner = f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"
    while candidates := _due_steps(run_id):
        claimed = [step_id for step_id in candidates if _claim(step_id, owner)]
        for step_id in claimed:
            _perform(step_id, owner)
        performed += len(claimed)
        if not claimed:
            # Others hold what is due; their leases bring us back if they die.
            break
    return performed


def _due_steps(run_id: UUID | None) -> list[int]:
    """Ids of due steps nobody holds, taking turns over organizations: 50,000 leavers of one do not delay another's."""
    due = _unheld(DeprovisionStep.objects.filter(due_at__lte=timezone.now()))
    if run_id is not None:
        due = due.filter(run=run_id)
    turn = Window(RowNumber(), partition_by=F("organization_id"), order_by=[F("due_at"), F("id")])
    return list(due.annotate(turn=turn).order_by("turn", "due_at", "id").values_list("id", flat=True)[:BATCH])


def _unheld(steps: QuerySet[DeprovisionStep]) -> QuerySet[DeprovisionStep]:
    return steps.filter(Q(lease_until__isnull=True) | Q(lease_until__lt=timezone.now()), state__in=DUE_STATES)


def _claim(step_id: int, owner: str) -> bool:
    """Take the lease, counting the attempt as a crash until it comes back."""
    return bool(
        _unheld(DeprovisionStep.objects.filter(pk=step_id, due_at__lte=timezone.now())).update(
            lease_until=timezone.now() + LEASE, lease_owner=owner, crashes=F("crashes") + 1
        )
    )


def _perform(step_id: int, owner: str) -> None:
    row = DeprovisionStep.objects.select_related("run__person", "run__policy", "run__organization").get(
        pk=step_id
    )
    with structlog.contextvars.bound_contextvars(
        request_id=row.run.request_id, run=str(row.run_id), step=row.name
    ):
        _attempt(row, STEP_BY_NAME[row.name], owner)


def _attempt(row: DeprovisionStep, step: Step, owner: str) -> None:
    run = row.run
    undoing = row.state == StepState.UNDOING
    if not undoing and run.person.epoch != run.epoch:
        _finish(row, owner, StepState.SUPERSEDED)
        return
    if row.crashes > MAX_CRASHES:
        _finish(row, owner, StepState.ATTENTION, error=_("Crashed %(times)d times.") % {"times": MAX_CRASHES})
        return
    target = Target(row.target_kind, row.target_id, row.target_label)
    try:
        if undoing:
            step.undo(run, target, row.evidence)
            _finish(row, owner, StepState.UNDONE)
            return
        evidence = step.act(run, target)
        if not step.verify(run, target, evidence):
            raise StepError(_("Read again, the effect does not hold."), permanent=False)
    except StepError as error:
        if error.permanent:
            _finish(row, owner, StepState.ATTENTION, error=str(error))
        else:
            _defer(row, owner, str(error))
    except Exception as error:
        # Counted when it was claimed: what raises here is treated like a worker that died.
        log.exception("step crashed", crashes=row.crashes)
        _retry_later(row, owner, error=f"{type(error).__name__}", after=row.crashes)
    else:
        _finish(row, owner, StepState.DONE, evidence=evidence)


def _finish(
    row: DeprovisionStep, owner: str, state: StepState, *, evidence: Evidence | None = None, error: str = ""
) -> None:
    now = timezone.now()
    _write(
        row,
        owner,
        state=state,
        evidence=row.evidence if evidence is None else evidence,
        error=error,
        crashes=0,
        ended_at=now,
    )


def _defer(row: DeprovisionStep, owner: str, error: str) -> None:
    """Not now: again later, for at most 72 hours, then a person must look."""
    now = timezone.now()
    first = row.first_deferred_at or now
    if now - first >= GIVE_UP_AFTER:
        _finish(row, owner, StepState.ATTENTION, error=error)
        return
    _retry_later(
        row,
        owner,
        error=error,
        after=row.deferrals,
        crashes=0,
        deferrals=row.deferrals + 1,
        first_deferred_at=first,
    )


def _retry_later(row: DeprovisionStep, owner: str, *, error: str, after: int, **fields: object) -> None:
    # Full jitter: a print server that comes back is not met by everybody at once.
    ceiling = min(BACKOFF_LIMIT, BACKOFF_START * 2 ** min(after, 16))
    wait = timedelta(seconds=random.uniform(ceiling / 2, ceiling))  # noqa: S311 -- spreading load, not a secret
    _write(row, owner, error=error, due_at=timezone.now() + wait, **fields)


@transaction.atomic
def _write(row: DeprovisionStep, owner: str, **fields: object) -> None:
    """Write an attempt's outcome and the run's state, unless the lease or the step was lost meanwhile."""
    run = DeprovisionRun.objects.select_for_update().get(pk=row.run_id)
    held = DeprovisionStep.objects.filter(pk=row.pk, lease_owner=owner, state=row.state)
    if not held.update(lease_until=None, lease_owner="", **fields):
        return
    settle_run(run, list(run.steps.all()), timezone.now())
    run.save(update_fields=["state", "next_due_at", "settled_at", "ended_at"])
