"""How a print server does, and what its last test said, each in a word and a color."""

from typing import Final

from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from printmgmt.console.shell.statuses import Statuses
from printmgmt.printing.models import PrintServer, ServerProblem
from printmgmt.printing.servers.findings.finding import DANGER, WARNING
from printmgmt.printing.servers.findings.report import findings_of
from printmgmt.printing.servers.probe.found import Found


class ServerState(TextChoices):
    """What is shown of the state of a server."""

    ONLINE = "online", pgettext_lazy("print server", "Online")
    NEW = "new", _("Not read yet")
    TROUBLE = "trouble", _("Needs attention")
    OFFLINE = "offline", pgettext_lazy("print server", "Offline")
    PAUSED = "paused", pgettext_lazy("print server", "Paused")


class Verdict(TextChoices):
    """What the last test of a server said, in short."""

    SAFE = "safe", _("Safe")
    REVIEW = "review", _("Review")
    UNSAFE = "unsafe", _("Unsafe")
    UNTESTED = "untested", _("Not tested")


STATES = Statuses(
    ServerState,
    {
        ServerState.ONLINE: "green",
        ServerState.NEW: "azure",
        ServerState.TROUBLE: "red",
        ServerState.OFFLINE: "red",
        ServerState.PAUSED: "yellow",
    },
)
VERDICTS = Statuses(Verdict, {Verdict.SAFE: "green", Verdict.REVIEW: "yellow", Verdict.UNSAFE: "red"})

_PAUSED = Q(paused_at__isnull=False)
_OFFLINE = ~_PAUSED & Q(problem=ServerProblem.OFFLINE)
_TROUBLE = ~_PAUSED & ~Q(problem__in=["", ServerProblem.OFFLINE])
_WELL = ~_PAUSED & Q(problem="")

STATE_ROWS: Final[dict[str, Q]] = {
    ServerState.ONLINE: _WELL & Q(last_seen_at__isnull=False),
    ServerState.NEW: _WELL & Q(last_seen_at__isnull=True),
    ServerState.TROUBLE: _TROUBLE,
    ServerState.OFFLINE: _OFFLINE,
    ServerState.PAUSED: _PAUSED,
}
"""The rows in each state; `state_of` says the same of one row."""


def state_of(server: PrintServer) -> ServerState:
    """Return how a server does."""
    if server.paused_at:
        return ServerState.PAUSED
    if server.problem:
        return ServerState.OFFLINE if server.problem == ServerProblem.OFFLINE else ServerState.TROUBLE
    return ServerState.ONLINE if server.last_seen_at else ServerState.NEW


def verdict_of(server: PrintServer) -> Verdict:
    """Return what the last test said."""
    found = Found.of(server.probe)
    if found is None:
        return Verdict.UNTESTED
    tones = {finding.tone for finding in findings_of(found)}
    return Verdict.UNSAFE if DANGER in tones else Verdict.REVIEW if WARNING in tones else Verdict.SAFE
