"""Jobs that come under a leaver's names after access ended: recorded, and held by the leaving (ADR 37).

A round finds them. Each is recorded once. For one that waits, the steps that hold and cancel act once more on
its server: what they hold is in their evidence, so a return releases it, and the receipt has a new version.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone

from printmgmt.audit.actors import system
from printmgmt.deprovisioning.chain import restart_step
from printmgmt.deprovisioning.deciding import lock_run
from printmgmt.deprovisioning.models import STEP_WORK, DeprovisionRun, DeprovisionStep, StepState
from printmgmt.deprovisioning.progress import SAVED, update_run
from printmgmt.deprovisioning.retrying import state_to_act
from printmgmt.deprovisioning.steps.base import Step
from printmgmt.deprovisioning.steps.cancel_jobs import CancelJobs
from printmgmt.deprovisioning.steps.hold_jobs import HoldJobs
from printmgmt.deprovisioning.steps.on_print_servers.acting import is_late
from printmgmt.people.models import PersonState
from printmgmt.printing.jobs.audit import record_job
from printmgmt.printing.models import IS_OPEN, WAITING, PrintJob, PrintServer
from printmgmt.rounds import isolate_errors
from printmgmt.work.nudges import nudge_after_commit

BY: Final = system("print server round")

_RECENT: Final = timedelta(days=1)
"""Finished jobs are looked through for so long: a round may be cut short, and a name claimed later."""

_ENDED: Final = (StepState.DONE, StepState.ATTENTION)


def note_late_jobs(server: PrintServer, read_before: datetime | None) -> int:
    """Record the jobs of a server that came after their owner had left, and have those held that wait.

    Return how many. ``read_before`` is when its jobs were read before; the first time all are looked through.
    One statement where there are none. Asks no server.
    """
    noted = 0
    for run, jobs in _late_jobs(server, read_before).items():
        with isolate_errors("jobs after a leaving", run=str(run)):
            noted += _note(run, server, jobs)
    return noted


def _late_jobs(server: PrintServer, read_before: datetime | None) -> dict[UUID, list[PrintJob]]:
    """Return the jobs that came after the present absence of their owner began, by its run."""
    runs = DeprovisionRun.objects.filter(person=OuterRef("person"), epoch=OuterRef("person__epoch"))
    jobs = PrintJob.objects.filter(
        server=server,
        generation=server.generation,
        late_for_run=None,
        anonymised_at=None,
        person__state__in=[PersonState.SUSPENDED, PersonState.REMOVED],
    )
    if read_before is not None:
        since = min(read_before, timezone.now() - _RECENT)
        jobs = jobs.filter(IS_OPEN | Q(submitted_at__gte=since))
    jobs = jobs.annotate(
        run=Subquery(runs.values("pk")[:1]), cut_at=Subquery(runs.values("cut_at")[:1])
    ).filter(submitted_at__gt=F("cut_at"))
    found: dict[UUID, list[PrintJob]] = defaultdict(list)
    for job in jobs.select_related("person", "server", "organization").order_by("remote_id"):
        found[job.run].append(job)
    return found


@transaction.atomic
def _note(pk: UUID, server: PrintServer, jobs: Iterable[PrintJob]) -> int:
    run = DeprovisionRun.objects.select_related("person", "organization", "policy", "batch").get(pk=pk)
    steps = lock_run(run)
    if run.person.epoch != run.epoch:
        return 0  # the person came back, or left again, since the rows were read
    late = [job for job in jobs if is_late(run, job.submitted_at)]
    for job in late:
        job.late_for_run = run.pk
        job.save(update_fields=["late_for_run"])
        record_job(job, "job.after-leaving", by=BY)
    if any(job.state in WAITING and job.held_by_run is None for job in late):
        _act_again(run, steps, server)
    if late:
        # The receipt counts them, also those that printed; `receipts.late` decides when.
        DeprovisionRun.objects.filter(pk=run.pk).update(receipt_due_at=timezone.now())
    return len(late)


def _act_again(run: DeprovisionRun, steps: Sequence[DeprovisionStep], server: PrintServer) -> None:
    """Have the steps hold what waits now, and cancel it once the restore period is over.

    A step that waits for its turn will find it; one that an administrator skipped stays skipped.
    """
    if not server.user_name or server.paused_at is not None:
        return
    now = timezone.now()
    rows = [_row(HoldJobs(), run, steps, server), _row(CancelJobs(), run, steps, server)]
    for step, due in zip(rows, (now, max(now, CancelJobs().due(run))), strict=True):
        if step.state in _ENDED:
            restart_step(step, state_to_act(step, run), due)
    run.ended_at = None
    update_run(run, list(run.steps.all()), now)
    run.save(update_fields=SAVED)
    nudge_after_commit(STEP_WORK, run.pk)


def _row(
    step: Step, run: DeprovisionRun, steps: Sequence[DeprovisionStep], server: PrintServer
) -> DeprovisionStep:
    """Return the row of a step on a server; made if the console got the server only after the leaving."""
    for row in steps:
        if (row.name, row.target_id) == (step.name, str(server.pk)):
            return row
    return DeprovisionStep.objects.create(
        organization=run.organization,
        run=run,
        name=step.name,
        immediate=step.immediate,
        target_kind="print-server",
        target_id=str(server.pk),
        target_label=server.name,
        due_at=max(timezone.now(), step.due(run)),
    )
