"""Chains of runs: a run and those it superseded are withdrawn or undone together."""

from datetime import datetime
from uuid import UUID

from printmgmt.deprovisioning.models import DeprovisionRun, DeprovisionStep, RunState, StepState
from printmgmt.deprovisioning.progress import SAVED, update_run
from printmgmt.deprovisioning.steps import STEP_BY_NAME
from printmgmt.people.models import PrintUser

UNBEGUN = (StepState.PENDING, StepState.WAITING, StepState.ATTENTION)
"""What a run that is over does no more."""


def current_run(person: PrintUser) -> DeprovisionRun | None:
    """Return the run that ended a person's access; None while the person may print."""
    return DeprovisionRun.objects.select_related("policy").filter(person=person, epoch=person.epoch).first()


def unfinished_undo(person: PrintUser) -> DeprovisionRun | None:
    """Return the last run of a person who is back, if some of its steps are not undone yet; else None.

    Steps that need attention count: their undo failed.
    """
    undoing = DeprovisionStep.objects.filter(
        run__person=person, state__in=[StepState.UNDOING, StepState.ATTENTION]
    )
    return (
        DeprovisionRun.objects.filter(person=person).order_by("-epoch").first() if undoing.exists() else None
    )


def withdraw(newest: DeprovisionRun, now: datetime) -> list[DeprovisionRun]:
    """Cancel all pending steps of the chain that ends with ``newest``; return its runs, newest first.

    The evidence of what was done stays, for a later undo.
    """
    chain = _locked(newest)
    for run, steps in chain:
        for step in steps:
            if step.state in (*UNBEGUN, StepState.UNDOING):
                _supersede(step, now)
        if run.state != RunState.UNDONE:
            run.state = RunState.SUPERSEDED
        _save(run, steps, now)
    return [run for run, _steps in chain]


def undo(newest: DeprovisionRun, now: datetime) -> list[DeprovisionRun]:
    """Order the undo of what the chain that ends with ``newest`` changed; return its runs, newest first."""
    chain = _locked(newest)
    for run, steps in chain:
        for step in steps:
            if _may_have_acted(step) and _is_undoable(step):
                restart_step(step, StepState.UNDOING, now)
            elif step.state in UNBEGUN:
                _supersede(step, now)
        run.state = RunState.UNDONE
        _save(run, steps, now)
    return [run for run, _steps in chain]


def restart_step(step: DeprovisionStep, direction: StepState, now: datetime) -> None:
    """Schedule a step now, with no attempts counted. ``direction``: PENDING (do it) or UNDOING (undo it)."""
    step.state, step.ended_at = direction, None
    step.decided_by, step.decision_reason = "", ""
    step.save(
        update_fields=["state", "ended_at", "decided_by", "decision_reason", *step.start_over(due_at=now)]
    )


def _locked(newest: DeprovisionRun) -> list[tuple[DeprovisionRun, list[DeprovisionStep]]]:
    """Lock and return the chain, each run before its steps, as a worker does (ADR 21)."""
    chain: list[tuple[DeprovisionRun, list[DeprovisionStep]]] = []
    pk: UUID | None = newest.pk
    while pk:
        run = DeprovisionRun.objects.select_for_update(no_key=True).get(pk=pk)
        chain.append((run, list(run.steps.select_for_update(no_key=True).order_by("pk"))))
        pk = run.previous_id
    return chain


def _may_have_acted(step: DeprovisionStep) -> bool:
    """Whether the step changed something, or may have before its worker died."""
    if step.target_kind == "none" or step.state in (StepState.UNDOING, StepState.UNDONE):
        return False
    return bool(step.state == StepState.DONE or step.evidence or step.crashes)


def _is_undoable(step: DeprovisionStep) -> bool:
    author = STEP_BY_NAME.get(step.name)
    return author is not None and author.is_undoable()


def _supersede(step: DeprovisionStep, now: datetime) -> None:
    step.state, step.ended_at = StepState.SUPERSEDED, now
    step.save(update_fields=["state", "ended_at"])


def _save(run: DeprovisionRun, steps: list[DeprovisionStep], now: datetime) -> None:
    update_run(run, steps, now)
    run.ended_at = run.ended_at or now
    run.save(update_fields=SAVED)
