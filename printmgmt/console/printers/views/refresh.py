"""Refresh: has the server of a printer read now, and the page shown again once it was."""

from datetime import UTC, datetime, timedelta
from typing import Final

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRefresh

from printmgmt.console.printers.views.base import PrinterMixin
from printmgmt.console.shell.pages import page
from printmgmt.console.shell.parameters import moment_of
from printmgmt.organizations.permissions import CONTROL_JOBS
from printmgmt.printing.models import Printer, ServerRound
from printmgmt.printing.servers.adding import order_round

SINCE: Final = "since"
"""The parameter by which the page asks whether the server was read since then."""

PATIENCE: Final = timedelta(seconds=30)
"""Until the page no longer waits for a server."""


@page("printers/<uuid:printer>/refresh/", "console:printer_refresh")
class PrinterRefreshView(PrinterMixin):
    """Orders a round (POST). With htmx the button waits until it is done; without, a message says so."""

    roles = CONTROL_JOBS

    def post(self, request: HttpRequest) -> HttpResponse:
        server, back = self.printer.server, self.printer_url()
        if server.paused_at or server.removed_at:
            messages.warning(request, _("The print server is paused or removed, so it is not read."))
            return HttpResponseClientRefresh() if request.headers.get("HX-Request") else redirect(back)
        since = timezone.now()
        with transaction.atomic():
            order_round(server)
        if request.headers.get("HX-Request"):
            return waiting(request, self.printer, since)
        messages.info(request, _("The print server is being read. Reload the page in a moment."))
        return redirect(back)


def waiting(request: HttpRequest, printer: Printer, since: datetime) -> HttpResponse:
    """The button while the server is read; the whole page again once it was, or after `PATIENCE`."""
    ordered = ServerRound.objects.filter(server=printer.server_id).first()
    is_read = ordered is not None and ordered.queues_read_at is not None and ordered.queues_read_at >= since
    if is_read or ordered is None or ordered.error:
        return HttpResponseClientRefresh()
    if timezone.now() - since > PATIENCE:
        messages.warning(request, _("The print server has not been read yet. Reload the page in a moment."))
        return HttpResponseClientRefresh()
    context = {"printer": printer, "may_refresh": True, "since": since.astimezone(UTC).isoformat()}
    return render(request, "console/printers/_refresh.html", context)


def asked_since(request: HttpRequest) -> datetime | None:
    """Return since when the page waits, where htmx asks for the button only."""
    return moment_of(request.GET, SINCE) if request.headers.get("HX-Request") else None
