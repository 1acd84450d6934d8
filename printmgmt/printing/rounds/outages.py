"""Servers that cannot be read: what is noted of it, and the mails to administrators, one for each outage."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from printmgmt.mail.kinds import NotNeeded
from printmgmt.mail.models import Mail
from printmgmt.mail.one_line import one_line
from printmgmt.mail.outbox import post
from printmgmt.organizations.moments import write_moment
from printmgmt.organizations.notices import Notice
from printmgmt.printing.models import PrintServer, ServerProblem
from printmgmt.rounds import isolate_errors

PATIENCE: Final = timedelta(minutes=15)
"""How long a server may be away before administrators are mailed."""

OUTAGES: Final = "printing.outages"
"""What looking for outages to be mailed is called among the sweeps."""

ADVICE: Final = {
    ServerProblem.OFFLINE: gettext_lazy("Check that the server runs and that the console can reach it."),
    ServerProblem.WRONG_LOGIN: gettext_lazy(
        "The console does not try this login again. Enter the operator's new password on the server's page."
    ),
    ServerProblem.FORBIDDEN: gettext_lazy(
        "The console does not try again by itself. Give the account the rights of an "
        "operator again, then refresh the server on its page."
    ),
    ServerProblem.CERTIFICATE: gettext_lazy(
        "The server shows another certificate than before. Compare it, and confirm it on the server's page."
    ),
}
"""What administrators can do about a problem."""


def note_success(server: PrintServer, sent_at: datetime) -> None:
    """A round read the server. If administrators were mailed that it is away, they are mailed again."""
    if server.outage_notified_at is not None and server.offline_since is not None:
        _post(ServerBack.name, server)
    PrintServer.objects.filter(pk=server.pk).update(
        last_seen_at=sent_at, offline_since=None, outage_notified_at=None, problem=""
    )


def note_problem(server: PrintServer, problem: str) -> None:
    """A round failed. The outage began with the first round that did."""
    PrintServer.objects.filter(pk=server.pk).update(
        offline_since=Coalesce(F("offline_since"), timezone.now()), problem=problem
    )


def mail_outages() -> int:
    """Order a mail for each outage of 15 minutes that has none; return how many. Safe to run in parallel."""
    long = PrintServer.objects.filter(
        offline_since__lte=timezone.now() - PATIENCE,
        outage_notified_at__isnull=True,
        paused_at__isnull=True,
        removed_at__isnull=True,
    )
    ordered = 0
    for server in long:
        with isolate_errors("mailing about a print server", server=str(server.pk)), transaction.atomic():
            if long.filter(pk=server.pk).update(outage_notified_at=timezone.now()):
                _post(ServerAway.name, server)
                ordered += 1
    return ordered


def _post(kind: str, server: PrintServer) -> None:
    since = server.offline_since.isoformat() if server.offline_since else ""
    post(
        kind,
        about={"server": str(server.pk), "since": since},
        organization=server.organization_id,
        key=f"{kind}:{server.pk}:{since}",
    )


class _ServerNotice(Notice):
    """To the owners and administrators, about a server that is neither removed nor paused."""

    def server(self, mail: Mail) -> PrintServer:
        rows = PrintServer.objects.select_related("organization")
        server = rows.filter(pk=mail.about["server"], removed_at=None, paused_at=None).first()
        if server is None:
            raise NotNeeded
        return server


class ServerAway(_ServerNotice):
    """That a server cannot be read; one that is back when the mail is sent worries nobody."""

    name = "printing.server-away"

    def compose(self, mail: Mail) -> tuple[str, str]:
        server = self.server(mail)
        if server.offline_since is None or server.offline_since.isoformat() != mail.about["since"]:
            raise NotNeeded
        names = _names(server, server.offline_since)
        subject = _("%(organization)s: the print server %(server)s cannot be read")
        paragraphs = [
            _("The console has not been able to read the print server %(server)s since %(since)s."),
            f"{server.get_problem_display()}.",
            str(ADVICE.get(ServerProblem(server.problem), "")) if server.problem else "",
            _(
                "Until the console can read it again, its printers and jobs are shown as they "
                "were, and no job is held or released."
            ),
        ]
        return _mail(server, subject, paragraphs, names)


class ServerBack(_ServerNotice):
    """That it is read again, to those who were told that it was not."""

    name = "printing.server-back"

    def compose(self, mail: Mail) -> tuple[str, str]:
        server = self.server(mail)
        if server.offline_since is not None:
            raise NotNeeded
        names = _names(server, datetime.fromisoformat(mail.about["since"]))
        subject = _("%(organization)s: the print server %(server)s is back")
        text = _("The console can read the print server %(server)s again. It could not since %(since)s.")
        return _mail(server, subject, [text], names)


def _names(server: PrintServer, since: datetime) -> dict[str, object]:
    return {"organization": server.organization, "server": server.name, "since": write_moment(since)}


def _mail(
    server: PrintServer, subject: str, paragraphs: list[str], names: dict[str, object]
) -> tuple[str, str]:
    url = settings.PUBLIC_URL + reverse("console:print_server", args=[server.organization.slug, server.pk])
    text = "\n\n".join([*(one_line(text % names) for text in paragraphs if text), url, ""])
    return subject % names, text
