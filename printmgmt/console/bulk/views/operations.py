"""Bulk operations: who ordered what for how many, and how far each is."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from printmgmt.bulk.models import BulkOperation, OperationState
from printmgmt.console.bulk.actions import action_of
from printmgmt.console.bulk.statuses import OPERATION
from printmgmt.console.shell.columns import Column, moment, number, status
from printmgmt.console.shell.filters import Select
from printmgmt.console.shell.lists import Empty, ListPage
from printmgmt.console.shell.navigation import Text
from printmgmt.console.shell.pages import page
from printmgmt.organizations.permissions import LOOK

STARTED = [(state.value, state.label) for state in OperationState if state != OperationState.PREVIEW]


def title_of(operation: BulkOperation) -> Text:
    """What an operation does, in words."""
    action = action_of(operation.kind)
    return action.title if action else _("Bulk operation")


@page("bulk/", "console:bulk_operations")
class OperationsView(ListPage[BulkOperation]):
    """Operations that were started, the newest first; of the last 90 days, as long as they are kept."""

    roles = LOOK
    title = gettext_lazy("Bulk operations")
    lead = gettext_lazy("Changes to many people or leavers at once. They are kept for 90 days.")
    columns = (
        Column[BulkOperation](
            gettext_lazy("Operation"),
            title_of,
            template="console/bulk/_operation.html",
            context={"title": title_of, "reason": lambda operation: operation.reason},
            classes="column-sentence",
        ),
        status(gettext_lazy("State"), lambda operation: operation.state, OPERATION),
        Column[BulkOperation](
            gettext_lazy("Started by"), lambda operation: operation.actor_label, classes="column-sentence"
        ),
        number(gettext_lazy("Selected"), lambda operation: operation.total),
        number(gettext_lazy("Done"), lambda operation: operation.done),
        number(gettext_lazy("Failed"), lambda operation: operation.failed),
        number(gettext_lazy("No change needed"), lambda operation: operation.skipped),
        moment(gettext_lazy("Started"), lambda operation: operation.started_at),
    )
    row_page = ("console:bulk", "operation")
    filters = (Select("state", gettext_lazy("State"), gettext_lazy("All states"), STARTED),)
    placeholder = gettext_lazy("Started by, or reason")
    empty = Empty(
        "list-check",
        gettext_lazy("No bulk operations yet"),
        gettext_lazy("Select people or leavers on their lists, then choose what to do with all of them."),
    )
    nothing_fits = gettext_lazy("No matches")
    csv_name = "bulk-operations"
    csv = (
        *columns,
        Column[BulkOperation](gettext_lazy("Ended"), lambda operation: operation.ended_at),
        Column[BulkOperation](gettext_lazy("Reason"), lambda operation: operation.reason),
    )

    def rows(self) -> QuerySet[BulkOperation]:
        operations = BulkOperation.objects.filter(organization=self.organization)
        return operations.exclude(state=OperationState.PREVIEW).order_by("-created_at", "-id")

    def find(self, rows: QuerySet[BulkOperation], text: str) -> QuerySet[BulkOperation]:
        return rows.filter(Q(actor_label__icontains=text) | Q(reason__icontains=text))
