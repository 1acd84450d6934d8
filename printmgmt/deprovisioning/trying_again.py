"""Steps that gave up and need a person: what the person asks for once the cause is mended."""

from django.db import transaction
from django.utils import timezone

from printmgmt.audit.actors import Actor
from printmgmt.audit.services import record
from printmgmt.deprovisioning.chain import begin_anew
from printmgmt.deprovisioning.models import STEP_WORK, DeprovisionRun, StepState
from printmgmt.deprovisioning.progress import settle_run
from printmgmt.people.services import lock_person
from printmgmt.work.nudges import nudge_after_commit


@transaction.atomic
def try_again(run: DeprovisionRun, *, by: Actor) -> int:
    """Have the steps of a run that need attention tried again now, from the beginning; return how many.

    What was to be done is done, what was to be undone is undone. ``run`` is locked and brought up to date in
    place. Nothing happens to a run without such steps.
    """
    person = run.person
    lock_person(person)  # like a leaving and a coming back: the person, the run, its steps
    run.refresh_from_db(from_queryset=DeprovisionRun.objects.select_for_update(no_key=True))
    steps = list(run.steps.select_for_update(no_key=True).order_by("pk"))
    given_up = [step for step in steps if step.state == StepState.ATTENTION]
    if not given_up:
        return 0
    now = timezone.now()
    # A step that needs attention after the person came back is one that could not be undone.
    direction = StepState.PENDING if person.epoch == run.epoch else StepState.UNDOING
    for step in given_up:
        begin_anew(step, direction, now)
    settle_run(run, steps, now)
    run.save(update_fields=["state", "next_due_at", "settled_at", "ended_at"])
    record(
        run.organization,
        "run.tried-again",
        by=by,
        object_type="run",
        object_id=run.pk,
        label=str(person),
        steps=sorted({step.name for step in given_up}),
    )
    nudge_after_commit(STEP_WORK, run.pk)
    return len(given_up)
