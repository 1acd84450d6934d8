"""A run's state, derived from its steps."""

from datetime import UTC, datetime, timedelta

import pytest

from printmgmt.deprovisioning.models import DeprovisionRun, DeprovisionStep, RunState, StepState
from printmgmt.deprovisioning.progress import update_run

NOW = datetime(2026, 3, 2, tzinfo=UTC)
LATER = NOW + timedelta(days=7)
P, D, A, S, U, V = (
    StepState.PENDING,
    StepState.DONE,
    StepState.ATTENTION,
    StepState.SUPERSEDED,
    StepState.UNDOING,
    StepState.UNDONE,
)


def step(state: StepState, *, immediate: bool = True) -> DeprovisionStep:
    return DeprovisionStep(state=state, immediate=immediate, due_at=NOW if immediate else LATER)


@pytest.mark.parametrize(
    ("before", "immediate", "dated", "after", "next_due_at"),
    [
        (RunState.WORKING, [P, D], [P], RunState.WORKING, NOW),
        (RunState.WORKING, [D, D], [P], RunState.SETTLED, LATER),
        (RunState.WORKING, [], [P], RunState.SETTLED, LATER),
        (RunState.SETTLED, [D], [D], RunState.FINISHED, None),
        (RunState.WORKING, [D, A], [P], RunState.ATTENTION, LATER),
        (RunState.WORKING, [P, A], [P], RunState.ATTENTION, NOW),
        (RunState.ATTENTION, [D, P], [P], RunState.WORKING, NOW),
        (RunState.SETTLED, [D], [A], RunState.ATTENTION, None),
        (RunState.SUPERSEDED, [D, S], [S], RunState.SUPERSEDED, None),
        (RunState.UNDONE, [U, S], [S], RunState.UNDONE, NOW),
        (RunState.UNDONE, [V, S], [S], RunState.UNDONE, None),
        (RunState.UNDONE, [A, V], [S], RunState.ATTENTION, None),
        (RunState.ATTENTION, [U, V], [S], RunState.UNDONE, NOW),
    ],
)
def test_state_of_a_run(
    before: RunState,
    immediate: list[StepState],
    dated: list[StepState],
    after: RunState,
    next_due_at: datetime | None,
) -> None:
    run = DeprovisionRun(state=before)

    update_run(run, [*map(step, immediate), *(step(state, immediate=False) for state in dated)], NOW)

    assert (run.state, run.next_due_at) == (after, next_due_at)
    assert (run.settled_at is not None) == (after in (RunState.SETTLED, RunState.FINISHED))
    assert (run.ended_at is not None) == (after == RunState.FINISHED)


def test_settled_once_is_settled_then() -> None:
    run = DeprovisionRun(state=RunState.SETTLED, settled_at=NOW - timedelta(days=1))

    update_run(run, [step(D)], NOW)

    assert run.settled_at == NOW - timedelta(days=1)
    assert run.ended_at == NOW
