"""Ends access: what happens in the transaction of a leaving, and which steps are left to the worker."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from printmgmt.audit.actors import Actor
from printmgmt.deprovisioning.chain import withdraw
from printmgmt.deprovisioning.console_access import end_console_access, may_end_console_access
from printmgmt.deprovisioning.models import STEP_WORK, DeprovisionRun, DeprovisionStep, StepState, Trigger
from printmgmt.deprovisioning.policy import current_policy
from printmgmt.deprovisioning.progress import SAVED, update_run
from printmgmt.deprovisioning.steps import STEPS
from printmgmt.people.credentials import disable_all
from printmgmt.people.models import PrintUser
from printmgmt.work.nudges import nudge_after_commit


def start_run(
    person: PrintUser,
    trigger: Trigger,
    *,
    by: Actor,
    requested_at: datetime | None,
    now: datetime,
    previous: DeprovisionRun | None,
    had_access: bool,
    by_rule: bool,
) -> DeprovisionRun:
    """Disable everything a person prints with, and create the run with its steps.

    Call with ``person`` locked and saved with its new epoch. ``previous`` is the run this one supersedes.
    ``had_access`` and ``by_rule`` are what the breaker counts by.
    """
    run = DeprovisionRun(
        organization=person.organization,
        person=person,
        epoch=person.epoch,
        trigger=trigger,
        policy=current_policy(person.organization),
        previous=previous,
        source=by.source,
        caused_by=by.label,
        request_id=by.request_id,
        requested_at=requested_at or now,
        cut_at=now,
        ends_console_access=may_end_console_access(person.organization, by),
        had_access=had_access,
        by_rule=by_rule,
    )
    if previous is not None:
        withdraw(previous, now)
    run.save(force_insert=True)
    disable_all(person, run.pk, now)
    end_console_access(person, run, by=by)
    update_run(run, DeprovisionStep.objects.bulk_create(_steps_of(run)), now)
    run.save(update_fields=SAVED)
    nudge_after_commit(STEP_WORK, run.pk)
    return run


def _steps_of(run: DeprovisionRun) -> Iterator[DeprovisionStep]:
    for step in STEPS:
        if run.trigger not in step.triggers:
            continue
        row = partial(
            DeprovisionStep,
            organization_id=run.organization_id,
            run=run,
            name=step.name,
            immediate=step.immediate,
        )
        targets = list(step.targets(run))
        for target in targets:
            yield row(
                target_kind=target.kind,
                target_id=target.id,
                target_label=target.label,
                due_at=step.due(run),
            )
        if not targets:
            # A step without targets still gets a row, whose evidence says that nothing was found.
            yield row(
                target_kind="none",
                state=StepState.DONE,
                evidence={"found": 0},
                due_at=run.cut_at,
                ended_at=run.cut_at,
            )
