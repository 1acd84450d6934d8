"""Opens a batch and lets runs join it: their irreversible steps wait from then on."""

from django.db import IntegrityError, transaction
from django.db.models import Exists, Min, OuterRef, QuerySet, Subquery
from django.utils import timezone

from printmgmt.audit.actors import system
from printmgmt.audit.services import record
from printmgmt.deprovisioning.breaker.counting import COUNTS, Wave, find_wave
from printmgmt.deprovisioning.models import (
    DUE_STATES,
    OPEN_RUN_STATES,
    BatchState,
    BreakerBatch,
    DeprovisionRun,
    DeprovisionStep,
    RunState,
    StepState,
)
from printmgmt.deprovisioning.steps import STEPS
from printmgmt.mail.outbox import post

CHUNK = 500
"""Runs that one statement changes: databases limit the parameters of a statement."""

MAIL_KIND = "deprovisioning.breaker"

BY = system("breaker")


def open_batch(run: DeprovisionRun) -> BreakerBatch | None:
    """Return the open batch of a run's organization."""
    return BreakerBatch.objects.filter(organization=run.organization_id, state=BatchState.OPEN).first()


def open_for(run: DeprovisionRun) -> bool:
    """Open a batch with the wave of a run; return False if there is none, or a batch is open already."""
    try:
        with transaction.atomic():
            # First the row, of which there can be one: then nobody else can open or fill one, and the count
            # is right.
            batch = BreakerBatch.objects.create(organization_id=run.organization_id)
            wave = find_wave(run)
            if wave is None:
                raise _NoWave
            _describe(batch, run, wave)
            gather(batch)
    except (IntegrityError, _NoWave):
        return False
    return True


class _NoWave(Exception):
    """Another batch has taken those who left."""


def join(batch: BreakerBatch) -> bool:
    """Let every run that belongs to a batch join it; return False if it was decided in the meantime."""
    with transaction.atomic():
        locked = BreakerBatch.objects.select_for_update(no_key=True).filter(
            pk=batch.pk, state=BatchState.OPEN
        )
        if locked.first() is None:
            return False
        gather(batch)
    return True


def gather(batch: BreakerBatch) -> int:
    """Join the open runs since the batch's beginning of people whose leaving counts; return how many.

    Call with the batch locked.
    """
    since = DeprovisionRun.objects.filter(organization=batch.organization_id, cut_at__gte=batch.since)
    counts = since.filter(COUNTS, person=OuterRef("person")).exclude(state=RunState.UNDONE)
    runs = since.filter(Exists(counts), batch=None, state__in=OPEN_RUN_STATES).order_by("pk")
    # Runs before their steps, as everywhere (ADR 21).
    found = list(runs.select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True))
    for start in range(0, len(found), CHUNK):
        _hold_back(DeprovisionRun.objects.filter(pk__in=found[start : start + CHUNK]), batch)
    return len(found)


def irreversible_names() -> list[str]:
    """Return the names of the steps that destroy."""
    return [step.name for step in STEPS if step.irreversible]


def update_runs(runs: QuerySet[DeprovisionRun]) -> None:
    """Derive the state of runs whose steps began to wait, or ceased to, as `progress.update_run` does."""
    steps = DeprovisionStep.objects.filter(run=OuterRef("pk"))
    due = steps.filter(state__in=DUE_STATES).order_by().values("run").annotate(first=Min("due_at"))
    waits = Exists(steps.filter(state=StepState.WAITING))
    runs.update(next_due_at=Subquery(due.values("first")))
    runs.filter(waits, state=RunState.SETTLED).update(state=RunState.WAITING)
    runs.filter(~waits, state=RunState.WAITING).update(state=RunState.SETTLED)


def _hold_back(runs: QuerySet[DeprovisionRun], batch: BreakerBatch) -> None:
    runs.update(batch=batch, judged_at=timezone.now())
    begin = DeprovisionStep.objects.filter(run__in=runs.order_by().values("pk"), state=StepState.PENDING)
    begin.filter(name__in=irreversible_names()).update(state=StepState.WAITING)
    update_runs(runs)


def _describe(batch: BreakerBatch, run: DeprovisionRun, wave: Wave) -> None:
    """Save why the batch opened, in the audit log, too, and tell administrators."""
    batch.since, batch.leavers, batch.base, batch.limit = wave.since, wave.leavers, wave.base, wave.limit
    batch.minutes = run.policy.breaker_minutes
    batch.save()
    record(
        run.organization,
        "breaker.opened",
        by=BY,
        object_type="batch",
        object_id=batch.pk,
        people=wave.leavers,
        of=wave.base,
        limit=wave.limit,
        minutes=batch.minutes,
    )
    post(
        MAIL_KIND,
        about={"batch": str(batch.pk)},
        organization=batch.organization_id,
        key=f"breaker:{batch.pk}",
    )
