"""What an administrator decides about single steps: skip one, or have irreversible ones done now."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from printmgmt.audit.actors import Actor
from printmgmt.audit.services import record
from printmgmt.deprovisioning.exceptions import StepRefused
from printmgmt.deprovisioning.models import (
    STEP_WORK,
    BatchState,
    DeprovisionRun,
    DeprovisionStep,
    StepState,
)
from printmgmt.deprovisioning.progress import SAVED, update_run
from printmgmt.deprovisioning.steps import STEP_BY_NAME
from printmgmt.people.services import lock_person
from printmgmt.work.nudges import nudge_after_commit

SKIPPABLE = (StepState.PENDING, StepState.ATTENTION)


def is_approvable(step: DeprovisionStep) -> bool:
    """Whether a step is irreversible and waits for its date."""
    author = STEP_BY_NAME.get(step.name)
    return bool(
        author is not None
        and author.irreversible
        and step.state == StepState.PENDING
        and step.due_at > timezone.now()
    )


@transaction.atomic
def skip_steps(
    run: DeprovisionRun, *, by: Actor, reason: str, only: Iterable[DeprovisionStep] | None = None
) -> int:
    """Skip the steps in ``only``, or those that need attention; return how many.

    A skipped step is not performed unless it is retried. Locks and refreshes ``run``. Raises StepRefused for
    a step that a worker is performing now, or that is over.
    """
    steps = lock_run(run)
    if only is None:
        chosen = [step for step in steps if step.state == StepState.ATTENTION]
    else:
        wanted = {step.pk for step in only}
        chosen = [step for step in steps if step.pk in wanted]
    now = timezone.now()
    for step in chosen:
        if step.state not in SKIPPABLE:
            raise StepRefused(_("This step is over and cannot be skipped."))
        if step.lease_until is not None and step.lease_until >= now:
            raise StepRefused(_("This step is being performed now. Try again in a minute."))
        step.state, step.ended_at = StepState.SKIPPED, now
        step.decided_by, step.decision_reason = by.label, reason
        step.save(update_fields=["state", "ended_at", "decided_by", "decision_reason"])
    if chosen:
        _save(run, steps, chosen, "run.skipped", by, reason)
    return len(chosen)


@transaction.atomic
def approve_run(
    run: DeprovisionRun, *, by: Actor, reason: str, only: Iterable[DeprovisionStep] | None = None
) -> int:
    """Have irreversible steps done now instead of after the restore period; return how many there were.

    ``only`` names them; None means all. Locks and refreshes ``run``. Raises StepRefused if the person is
    back, or too many people left at once and nobody has decided about them yet.
    """
    steps = lock_run(run)
    if run.person.epoch != run.epoch:
        raise StepRefused(_("This leaving is over: access has changed since."))
    if run.batch is not None and run.batch.state == BatchState.OPEN:
        raise StepRefused(_("Too many people left at once. Decide about all of them first."))
    wanted = None if only is None else {step.pk for step in only}
    chosen = [step for step in steps if is_approvable(step) and (wanted is None or step.pk in wanted)]
    now = timezone.now()
    for step in chosen:
        step.due_at, step.decided_by, step.decision_reason = now, by.label, reason
        step.save(update_fields=["due_at", "decided_by", "decision_reason"])
    if chosen:
        _save(run, steps, chosen, "run.approved", by, reason)
        nudge_after_commit(STEP_WORK, run.pk)
    return len(chosen)


def lock_run(run: DeprovisionRun) -> list[DeprovisionStep]:
    """Lock and refresh a run; return its steps, locked. The order is the same everywhere: the person, the
    run, its steps (ADR 21)."""
    lock_person(run.person)
    run.refresh_from_db(
        fields=SAVED,
        from_queryset=DeprovisionRun.objects.select_for_update(no_key=True),
    )
    return list(run.steps.select_for_update(no_key=True).order_by("pk"))


def _save(  # noqa: PLR0913 -- what the audit trail says
    run: DeprovisionRun,
    steps: list[DeprovisionStep],
    chosen: list[DeprovisionStep],
    verb: str,
    by: Actor,
    reason: str,
) -> None:
    update_run(run, steps, timezone.now())
    run.save(update_fields=SAVED)
    record(
        run.organization,
        verb,
        by=by,
        object_type="run",
        object_id=run.pk,
        label=str(run.person),
        reason=reason,
        steps=sorted({step.name for step in chosen}),
    )
