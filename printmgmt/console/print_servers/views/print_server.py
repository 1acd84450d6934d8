"""One print server: how it does, what its last test found, how it is reached."""

from typing import Any

from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from printmgmt.console.print_servers.certificates import grouped
from printmgmt.console.print_servers.statuses import STATES, state_of
from printmgmt.console.print_servers.views.base import PrintServerMixin
from printmgmt.console.shell.pages import page
from printmgmt.organizations.permissions import CONTROL_JOBS, LOOK, MANAGE_PRINTING
from printmgmt.printing.models import OPEN, PrintServer, ServerProblem, ServerRound
from printmgmt.printing.queue_access.rows import closed_count
from printmgmt.printing.rounds.outages import ADVICE
from printmgmt.printing.servers.entries import used_elsewhere
from printmgmt.printing.servers.findings.report import findings_of
from printmgmt.printing.servers.findings.room import FULL_SOON
from printmgmt.printing.servers.probe.found import Found

AFTER_ADDING = "test"
"""The parameter by which the page of a new server tests it at once."""


@page("print-servers/<uuid:server>/", "console:print_server")
class PrintServerView(PrintServerMixin, TemplateView):
    """Everyone may look; who manages printing sees the buttons and the operator's name."""

    template_name = "console/print_servers/print_server.html"
    roles = LOOK

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        server = self.server
        role = self.administrator.role
        manages = role in MANAGE_PRINTING
        closed, lists_read_at = closed_count(server)
        return super().get_context_data(
            **kwargs,
            **found_context(server, manages=manages),
            status=STATES.of(state_of(server)),
            **_trouble(server),
            **_room(server),
            queue_count=server.printers.filter(missing_since__isnull=True).count(),
            closed_count=closed,
            lists_read_at=lists_read_at,
            fingerprint=grouped(server.fingerprint),
            is_tls=server.uri.startswith(("ipps:", "https:")),
            shared=used_elsewhere(self.organization, server.address_key),
            operates=role in CONTROL_JOBS,
            test_at_once=manages and not server.probed_at and AFTER_ADDING in self.request.GET,
            remove_question=_(
                "The console deletes the operator's password and stops reading %(server)s. Its printers and "
                "jobs remain in the history. If you add the same address again, they come back."
            )
            % {"server": server.name},
        )


def found_context(server: PrintServer, *, manages: bool, trouble: str = "") -> dict[str, Any]:
    """What the card of the last test shows; ``trouble``: why it could not be tested just now."""
    found = Found.of(server.probe)
    return {
        "server": server,
        "manages": manages,
        "findings": None if found is None else findings_of(found),
        "trouble": trouble,
    }


def _trouble(server: PrintServer) -> dict[str, Any]:
    """What to do about a server that cannot be read, and whether the console has stopped trying."""
    if not server.problem:
        return {}
    stopped = ServerRound.objects.filter(server=server, stopped_at__isnull=False).exists()
    return {"advice": ADVICE.get(ServerProblem(server.problem), ""), "stopped": stopped}


def _room(server: PrintServer) -> dict[str, Any]:
    """How many jobs are open, and whether the server will soon take no more."""
    count = server.jobs.filter(state__in=OPEN, gone_at__isnull=True).count()
    return {"open_jobs": count, "full_soon": server.max_jobs and count >= server.max_jobs * FULL_SOON}
