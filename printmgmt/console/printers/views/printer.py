"""One printer: how it does, what waits there, its stations and devices."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy

from printmgmt.console.jobs.columns import ACTIONS, OWNER, PRINTED, STATE, SUBMITTED, TITLE
from printmgmt.console.jobs.servers import Freshness, is_read
from printmgmt.console.jobs.views.jobs import JobsView
from printmgmt.console.jobs.waiting import ORDER
from printmgmt.console.printers.holding import hold_of
from printmgmt.console.printers.reasons import reasons_of
from printmgmt.console.printers.statuses import PRINTER, shown_printer
from printmgmt.console.printers.views.base import PrinterMixin
from printmgmt.console.printers.views.refresh import asked_since, waiting
from printmgmt.console.shell.lists import Empty
from printmgmt.console.shell.pages import page
from printmgmt.organizations.permissions import CONTROL_JOBS, LOOK
from printmgmt.printing.models import IS_OPEN, PrintJob


@page("printers/<uuid:printer>/", "console:printer")
class PrinterView(PrinterMixin, JobsView):
    """Its jobs that are not over, searched and exported as on the list of jobs; operators change them."""

    template_name = "console/printers/printer.html"
    roles = LOOK
    target = "waiting"
    columns = (OWNER, TITLE, STATE, PRINTED, SUBMITTED, ACTIONS)
    filters = (ORDER,)
    actions = ()
    placeholder = gettext_lazy("Person, name on the server or job number")
    empty = Empty("circle-check", gettext_lazy("Nothing waits here"))
    csv_name = "printer-jobs"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        since = asked_since(request)
        return waiting(request, self.printer, since) if since else super().get(request, *args, **kwargs)

    def rows(self) -> QuerySet[PrintJob]:
        return super().rows().filter(IS_OPEN, printer=self.printer)

    @property
    def freshness(self) -> Freshness:
        """How old what the page shows is: that of this printer's server."""
        server = self.printer.server
        return Freshness(self.printer.last_seen_at, [] if is_read(server) else [server])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        printer = self.printer
        return super().get_context_data(
            **kwargs,
            printer=printer,
            may_refresh=self.administrator.role in CONTROL_JOBS and not printer.server.removed_at,
            status=PRINTER.of(shown_printer(printer)),
            reasons=list(reasons_of(printer.state_reasons)),
            is_read=is_read(printer.server),
            hold=hold_of(printer),
            stations=list(printer.stations.filter(revoked_at__isnull=True).order_by("name", "pk")),
            release_queues=list(
                printer.release_queues.filter(missing_since__isnull=True).order_by("name", "pk")
            ),
        )
