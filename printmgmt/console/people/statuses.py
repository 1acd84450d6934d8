"""The colors of a person's states."""

from printmgmt.console.shell.statuses import Statuses
from printmgmt.people.models import ShownState

PERSON = Statuses(
    ShownState,
    {
        ShownState.ACTIVE: "green",
        ShownState.ALLOWED: "azure",
        ShownState.BLOCKED: "orange",
        ShownState.SUSPENDED: "yellow",
        ShownState.REMOVED: "red",
    },
)
