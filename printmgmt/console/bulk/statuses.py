"""The colors of the states of a bulk operation and of its items."""

from printmgmt.bulk.models import ItemState, OperationState
from printmgmt.console.shell.statuses import Statuses

OPERATION = Statuses(
    OperationState,
    {OperationState.WORKING: "blue", OperationState.FINISHED: "green", OperationState.STOPPED: "orange"},
    busy=frozenset({OperationState.WORKING}),
)
ITEM = Statuses(ItemState, {ItemState.PENDING: "blue", ItemState.DONE: "green", ItemState.FAILED: "red"})
