"""Printers: the list."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from printmgmt.console.jobs.servers import SERVER_FILTER, ServersMixin, is_read
from printmgmt.console.printers.holding import hold_of, hold_words
from printmgmt.console.printers.reasons import reasons_of
from printmgmt.console.printers.statuses import PRINTER, STATES, in_state, present, shown_printer
from printmgmt.console.printers.waiting import waiting_at, with_waiting
from printmgmt.console.shell.columns import Column, moment, number
from printmgmt.console.shell.filters import Select
from printmgmt.console.shell.lists import Empty, ListPage
from printmgmt.console.shell.order import Sort
from printmgmt.console.shell.pages import Menu, page
from printmgmt.organizations.permissions import LOOK
from printmgmt.printing.models import Printer

WAITING: Column[Any] = number(_("Waiting"), lambda printer: printer.waiting)
SEEN: Column[Printer] = moment(_("Last seen"), lambda printer: printer.last_seen_at)


@page("printers/", "console:printers", menu=Menu(_("Printers"), "printer", 40))
class PrintersView(ServersMixin, ListPage[Printer]):
    """The printers of all servers by name; those that are missing there only when they are asked for."""

    template_name = "console/printers/printers.html"
    roles = LOOK
    title = _("Printers")
    lead = _("The queues of your print servers.")
    columns = (
        Column(
            _("Printer"),
            template="console/printers/_printer.html",
            context={"printer": lambda printer: printer},
            sorts=[Sort("name")],
        ),
        Column(
            _("State"),
            template="console/printers/_state.html",
            classes="column-state",
            context={
                "printer": lambda printer: printer,
                "status": lambda printer: PRINTER.of(shown_printer(printer)),
                "reasons": lambda printer: list(reasons_of(printer.state_reasons)),
                "is_read": lambda printer: is_read(printer.server),
            },
        ),
        Column(
            _("Holds"),
            template="console/printers/_hold.html",
            classes="column-state",
            context={"hold": lambda printer: hold_of(printer)},
        ),
        Column(
            _("Waiting"),
            template="console/printers/_waiting.html",
            context={"printer": lambda printer: printer, "waiting": WAITING.read},
            classes="tabular",
        ),
        SEEN,
    )
    row_page = ("console:printer", "printer")
    filters = (
        Select("state", _("State"), _("All but missing ones"), STATES, narrow=in_state, otherwise=present),
        SERVER_FILTER,
    )
    placeholder = _("Name, location or model")
    nothing_fits = _("No matches")
    nothing_fits_hint = _(
        "Printers that are no longer on their server are hidden. Choose that state to find them."
    )
    empty = Empty(
        "printer",
        _("No printers yet"),
        _("Add a print server, and its printers appear here."),
    )
    csv_name = "printers"
    csv = (
        Column(_("Name"), lambda printer: printer.name),
        Column(_("Description"), lambda printer: printer.info),
        Column(_("Location"), lambda printer: printer.location),
        Column(_("Model"), lambda printer: printer.make_model),
        Column(_("Print server"), lambda printer: printer.server.name),
        Column(_("State"), lambda printer: PRINTER.of(shown_printer(printer)).label),
        Column(_("Reasons"), lambda printer: _joined(reasons_of(printer.state_reasons))),
        Column(_("Accepts jobs"), lambda printer: printer.accepting),
        Column(_("Holds"), lambda printer: hold_words(printer)),
        WAITING,
        SEEN,
        Column(_("Missing since"), lambda printer: printer.missing_since),
        Column(_("Address"), lambda printer: printer.uri),
    )

    def rows(self) -> QuerySet[Printer]:
        printers = Printer.objects.filter(organization=self.organization)
        return printers.select_related("server").order_by("name", "id")

    def find(self, rows: QuerySet[Printer], text: str) -> QuerySet[Printer]:
        fields = ("name", "info", "location", "make_model")
        found = Q()
        for field in fields:
            found |= Q(**{f"{field}__icontains": text})
        return rows.filter(found)

    def shown(self, rows: Sequence[Printer]) -> Sequence[Printer]:
        found = waiting_at(rows)
        for printer in rows:
            printer.waiting = found.get(printer.pk, 0)  # type: ignore[attr-defined]
        return rows

    def csv_rows(self) -> QuerySet[Printer]:
        return with_waiting(self.get_queryset())

    def nothing(self, *, hidden: bool) -> Empty:
        if hidden:
            return Empty(
                "printer-off",
                _("No printer is on its server"),
                _("All of them are missing there. Choose the state “No longer on the server” to see them."),
            )
        return self.empty


def _joined(reasons: Iterable[Any]) -> str:
    return ", ".join(str(reason.words) for reason in reasons)
