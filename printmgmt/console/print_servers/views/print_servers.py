"""Print servers: the list."""

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from printmgmt.console.print_servers.statuses import (
    STATE_ROWS,
    STATES,
    VERDICTS,
    ServerState,
    state_of,
    verdict_of,
)
from printmgmt.console.shell.columns import Column, moment, number, status
from printmgmt.console.shell.filters import Select
from printmgmt.console.shell.lists import Action, Empty, ListPage
from printmgmt.console.shell.pages import Menu, page
from printmgmt.organizations.permissions import LOOK, MANAGE_PRINTING
from printmgmt.printing.models import PrintServer

ADD = Action(_("Add print server"), "console:print_server_add", "plus", MANAGE_PRINTING)
STATE: Column[PrintServer] = status(_("State"), state_of, STATES)
VERDICT: Column[PrintServer] = status(_("Last test"), verdict_of, VERDICTS)
QUEUES: Column[PrintServer] = number(_("Printers"), lambda server: server.queue_count)  # type: ignore[attr-defined]
SEEN: Column[PrintServer] = moment(_("Last seen"), lambda server: server.last_seen_at)


@page("print-servers/", "console:print_servers", menu=Menu(_("Print servers"), "server", 50))
class PrintServersView(ListPage[PrintServer]):
    """The servers that are read, by name; how each does, and whether its last test found it safe."""

    roles = LOOK
    title = _("Print servers")
    lead = _("CUPS servers and other IPP printers. Their printers and jobs appear in this console.")
    actions = (ADD,)
    columns = (
        Column(
            _("Server"),
            template="console/print_servers/_server.html",
            context={"server": lambda server: server},
        ),
        STATE,
        VERDICT,
        QUEUES,
        SEEN,
    )
    row_page = ("console:print_server", "server")
    filters = (
        Select(
            "state",
            _("State"),
            _("All states"),
            ServerState.choices,
            narrow=lambda rows, value: rows.filter(STATE_ROWS[value]),
        ),
    )
    placeholder = _("Name or address")
    empty = Empty(
        "server",
        _("No print servers yet"),
        _("Add a CUPS server, or another printer that speaks IPP. Its printers and jobs then appear here."),
        ADD,
    )
    nothing_fits = _("No matches")
    csv_name = "print-servers"
    csv = (
        Column(_("Name"), lambda server: server.name),
        Column(_("Address"), lambda server: server.uri),
        STATE,
        Column(_("Problem"), lambda server: server.get_problem_display()),
        VERDICT,
        moment(_("Tested"), lambda server: server.probed_at),
        Column(_("Version"), lambda server: server.version),
        QUEUES,
        SEEN,
        Column(_("Server ID"), lambda server: server.pk),
    )

    def rows(self) -> QuerySet[PrintServer]:
        servers = PrintServer.objects.filter(organization=self.organization, removed_at__isnull=True)
        present = Count("printers", filter=Q(printers__missing_since__isnull=True))
        return servers.annotate(queue_count=present).order_by("name", "pk")

    def find(self, rows: QuerySet[PrintServer], text: str) -> QuerySet[PrintServer]:
        return rows.filter(Q(name__icontains=text) | Q(uri__icontains=text))
