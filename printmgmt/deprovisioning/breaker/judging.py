"""Judges each run once, after its commit: may its irreversible steps go on, or did too many people leave?"""

import time
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from printmgmt.deprovisioning.breaker.batches import join, open_batch, open_for
from printmgmt.deprovisioning.breaker.counting import find_wave
from printmgmt.deprovisioning.models import DeprovisionRun
from printmgmt.rounds import isolate_errors

BUDGET = 30.0
"""Seconds after which a sweep judges no further run."""

LOOKED_AT = 200


def judge(run: DeprovisionRun) -> None:
    """Judge a committed run unless that was done; let it join the open batch, or open one.

    Safe to call anywhere, any number of times, also at once: the one who judges the last run of a wave
    sees them all, and there can be one open batch only.
    """
    if run.judged_at is not None or _is_judged(run):
        return
    while True:
        # Count before looking for a batch: who joined one between these queries is not counted any more.
        wave = find_wave(run)
        batch = open_batch(run)
        if batch is None and wave is None:
            break
        if batch is None and open_for(run):
            break
        if batch is not None and join(batch):
            break
    run.judged_at = timezone.now()
    DeprovisionRun.objects.filter(pk=run.pk).update(judged_at=run.judged_at)


def judge_one(run_id: UUID) -> None:
    """Judge a run by its id."""
    run = _runs().filter(pk=run_id).first()
    if run is not None:
        judge(run)


def judge_due() -> None:
    """Judge every run that was not judged yet."""
    deadline = time.monotonic() + BUDGET
    failed: set[UUID] = set()
    while runs := list(_runs().exclude(pk__in=failed).order_by("cut_at")[:LOOKED_AT]):
        for run in runs:
            if time.monotonic() > deadline:
                return
            failed.add(run.pk)
            with isolate_errors("the breaker", run=str(run.pk)):
                judge(run)
                failed.discard(run.pk)


def _runs() -> QuerySet[DeprovisionRun]:
    return DeprovisionRun.objects.filter(judged_at=None).select_related("policy", "organization")


def _is_judged(run: DeprovisionRun) -> bool:
    run.refresh_from_db(fields=["judged_at"])
    return run.judged_at is not None
