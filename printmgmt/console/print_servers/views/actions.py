"""What buttons do to a print server: test, pause, resume, remove."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from printmgmt.console.print_servers.views.base import PrintServerMixin
from printmgmt.console.print_servers.views.print_server import found_context
from printmgmt.console.shell.pages import page
from printmgmt.organizations.permissions import CONTROL_JOBS, MANAGE_PRINTING
from printmgmt.printing.ipp.errors import IppError
from printmgmt.printing.servers.adding import order_round
from printmgmt.printing.servers.exceptions import ServerError, ServerRemoved
from printmgmt.printing.servers.pausing import pause_server, remove_server, resume_server
from printmgmt.printing.servers.probe.probing import probe_server


class PrintServerActionView(PrintServerMixin):
    """A change that a button asks for, by POST."""

    roles = MANAGE_PRINTING

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return self.act()
        except ServerRemoved as error:
            return self.gone(error)

    def act(self) -> HttpResponse:
        """Call the service, tell what happened, and return the answer. Raises ServerRemoved."""
        raise NotImplementedError("Subclasses must implement act()")

    def tell(self, done: bool, text: str) -> HttpResponse:
        """Say what was done, or that someone else did it before, and go to the server's page."""
        if done:
            messages.success(self.request, text % {"server": self.server.name})
        else:
            messages.info(self.request, _("No changes were made."))
        return redirect(self.server_url())


@page("print-servers/<uuid:server>/test/", "console:print_server_test")
class PrintServerTestView(PrintServerActionView):
    """Tests the server while someone waits: htmx gets the findings, a browser without it the page."""

    def act(self) -> HttpResponse:
        trouble = ""
        try:
            probe_server(self.server, by=self.actor)
        except ServerRemoved:
            raise
        except (ServerError, IppError) as error:
            trouble = str(error)
        if not self.request.htmx:  # type: ignore[attr-defined]
            if trouble:
                messages.error(self.request, trouble)
            return redirect(self.server_url())
        self.server.refresh_from_db()
        context = found_context(self.server, manages=True, trouble=trouble)
        return render(self.request, "console/print_servers/_found.html", {**context, "fresh": True})


@page("print-servers/<uuid:server>/refresh/", "console:print_server_refresh")
class PrintServerRefreshView(PrintServerActionView):
    """The server is read now, also where the console had stopped trying."""

    roles = CONTROL_JOBS

    def act(self) -> HttpResponse:
        if not self.server.paused_at:
            order_round(self.server)
        return self.tell(
            not self.server.paused_at, _("%(server)s is being read. What changed appears in a few seconds.")
        )


@page("print-servers/<uuid:server>/pause/", "console:print_server_pause")
class PrintServerPauseView(PrintServerActionView):
    """The server is left alone."""

    def act(self) -> HttpResponse:
        return self.tell(pause_server(self.server, by=self.actor), _("%(server)s was paused."))


@page("print-servers/<uuid:server>/resume/", "console:print_server_resume")
class PrintServerResumeView(PrintServerActionView):
    """The server is read again, at once."""

    def act(self) -> HttpResponse:
        return self.tell(resume_server(self.server, by=self.actor), _("%(server)s was resumed."))


@page("print-servers/<uuid:server>/remove/", "console:print_server_remove")
class PrintServerRemoveView(PrintServerActionView):
    """The login goes, the history stays."""

    def act(self) -> HttpResponse:
        remove_server(self.server, by=self.actor)
        messages.success(self.request, _("%(server)s was removed.") % {"server": self.server.name})
        return redirect(self.list_url())
