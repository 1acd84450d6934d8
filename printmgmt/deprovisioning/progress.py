"""Derives the state of a run from its steps."""

from collections.abc import Sequence
from datetime import datetime

from printmgmt.deprovisioning.models import DUE_STATES, DeprovisionRun, DeprovisionStep, RunState, StepState

SAVED = ("state", "next_due_at", "settled_at", "ended_at", "receipt_due_at")
"""What `update_run` may change: the fields to save after it."""

UNDO_STATES = (StepState.UNDOING, StepState.UNDONE)


def update_run(run: DeprovisionRun, steps: Sequence[DeprovisionStep], now: datetime) -> None:
    """Update the derived fields of ``run`` from ``steps``, which must be all its steps. Does not save.

    A superseded or undone run stays so, except that a failed undo needs attention.
    """
    due = [step.due_at for step in steps if step.state in DUE_STATES]
    run.next_due_at = min(due, default=None)
    if not any(
        step.state in DUE_STATES and (step.immediate or step.state == StepState.UNDOING) for step in steps
    ):
        run.receipt_due_at = now  # `receipts.making` compares: without news there is no new version
    if run.state == RunState.SUPERSEDED:
        return
    needs_attention = any(step.state == StepState.ATTENTION for step in steps)
    if run.state == RunState.UNDONE or any(step.state in UNDO_STATES for step in steps):
        run.state = RunState.ATTENTION if needs_attention else RunState.UNDONE
        return
    if needs_attention:
        run.state = RunState.ATTENTION
    elif any(step.state == StepState.PENDING and step.immediate for step in steps):
        run.state = RunState.WORKING
    else:
        waits = any(step.state == StepState.WAITING for step in steps)
        run.state = RunState.WAITING if waits else RunState.SETTLED if due else RunState.FINISHED
        run.settled_at = run.settled_at or now
    if run.state == RunState.FINISHED:
        run.ended_at = run.ended_at or now
