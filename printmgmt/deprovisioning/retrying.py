"""Retries steps that need attention, once an administrator has removed the cause, and skipped ones."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from printmgmt.audit.actors import Actor
from printmgmt.audit.services import record
from printmgmt.deprovisioning.breaker.batches import irreversible_names
from printmgmt.deprovisioning.chain import restart_step
from printmgmt.deprovisioning.deciding import lock_run
from printmgmt.deprovisioning.models import STEP_WORK, BatchState, DeprovisionRun, DeprovisionStep, StepState
from printmgmt.deprovisioning.progress import SAVED, update_run
from printmgmt.work.nudges import nudge_after_commit


@transaction.atomic
def retry_steps(run: DeprovisionRun, *, by: Actor, only: Iterable[DeprovisionStep] | None = None) -> int:
    """Schedule steps again, with no attempts counted; return how many.

    ``only`` names steps that need attention or, while the run is open, were skipped; None means all that need
    attention. Steps that failed to act will act, steps whose undo failed will be undone. Locks and refreshes
    ``run``.
    """
    steps = lock_run(run)
    person = run.person
    if only is None:
        given_up = [step for step in steps if step.state == StepState.ATTENTION]
    else:
        wanted = {step.pk for step in only}
        again = {StepState.ATTENTION, StepState.SKIPPED} if run.is_open else {StepState.ATTENTION}
        given_up = [step for step in steps if step.pk in wanted and step.state in again]
    if not given_up:
        return 0
    now = timezone.now()
    # If the person is back, what failed was the undo.
    is_gone = person.epoch == run.epoch
    for step in given_up:
        restart_step(step, state_to_act(step, run) if is_gone else StepState.UNDOING, now)
    update_run(run, steps, now)
    run.save(update_fields=SAVED)
    record(
        run.organization,
        "run.retried",
        by=by,
        object_type="run",
        object_id=run.pk,
        label=str(person),
        steps=sorted({step.name for step in given_up}),
    )
    nudge_after_commit(STEP_WORK, run.pk)
    return len(given_up)


def state_to_act(step: DeprovisionStep, run: DeprovisionRun) -> StepState:
    """Return the state of a step that is to act again: one that destroys waits while its batch is open."""
    batch = run.batch
    is_held = batch is not None and batch.state == BatchState.OPEN and step.name in irreversible_names()
    return StepState.WAITING if is_held else StepState.PENDING
