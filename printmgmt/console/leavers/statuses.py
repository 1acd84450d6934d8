"""The colors of the states of a leaver's run, of its steps, and of a batch that waits for a decision."""

from printmgmt.console.shell.statuses import Statuses
from printmgmt.deprovisioning.models import BatchState, RunState, StepState

RUN = Statuses(
    RunState,
    {
        RunState.WORKING: "blue",
        RunState.SETTLED: "teal",
        RunState.FINISHED: "green",
        RunState.WAITING: "purple",
        RunState.ATTENTION: "red",
    },
    busy=frozenset({RunState.WORKING}),
)
STEP = Statuses(
    StepState,
    {
        StepState.PENDING: "blue",
        StepState.WAITING: "purple",
        StepState.DONE: "green",
        StepState.ATTENTION: "red",
        StepState.UNDOING: "blue",
    },
    busy=frozenset({StepState.UNDOING}),
)
BATCH = Statuses(
    BatchState,
    {BatchState.OPEN: "purple", BatchState.APPROVED: "green", BatchState.RESTORED: "teal"},
)
