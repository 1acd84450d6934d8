"""The colors of the states of a leaver's run and of its steps."""

from printmgmt.console.shell.statuses import Statuses
from printmgmt.deprovisioning.models import RunState, StepState

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
        StepState.DONE: "green",
        StepState.ATTENTION: "red",
        StepState.UNDOING: "blue",
    },
    busy=frozenset({StepState.UNDOING}),
)
