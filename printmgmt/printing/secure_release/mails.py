"""The mails that someone resumed a secure release queue."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from printmgmt.mail.kinds import NotNeeded
from printmgmt.mail.models import Mail
from printmgmt.mail.one_line import one_line
from printmgmt.mail.outbox import post
from printmgmt.organizations.moments import write_moment
from printmgmt.organizations.notices import Notice
from printmgmt.printing.models import Printer
from printmgmt.printing.secure_release.problems import is_resumed


def mail_resumed(queue: Printer) -> None:
    """Order the mail that a queue prints by itself, one for each time that someone resumed it."""
    _post(QueueResumed.name, queue)


def mail_stopped_again(queue: Printer) -> None:
    """Order the mail that the console stopped a queue again, at most one a day: programs resume for ever."""
    _post(QueueStoppedAgain.name, queue, key=f"{QueueStoppedAgain.name}:{queue.pk}:{timezone.now():%Y-%m-%d}")


def _post(kind: str, queue: Printer, *, key: str = "") -> None:
    at = timezone.now().isoformat()
    post(kind, about={"printer": str(queue.pk), "at": at}, organization=queue.organization_id, key=key)


class _QueueNotice(Notice):
    """To the owners and administrators, about a queue that still is a secure release queue."""

    def queue(self, mail: Mail) -> Printer:
        rows = Printer.objects.select_related("organization", "server")
        queue = rows.filter(pk=mail.about["printer"], secure_since__isnull=False).first()
        if queue is None:
            raise NotNeeded
        return queue


class QueueResumed(_QueueNotice):
    """That a queue prints by itself, unless it is stopped again when the mail is sent."""

    name = "printing.secure-release-resumed"

    def compose(self, mail: Mail) -> tuple[str, str]:
        queue = self.queue(mail)
        if not is_resumed(queue):
            raise NotNeeded
        return _mail(
            queue,
            mail,
            _("%(organization)s: %(queue)s prints without release"),
            _(
                "Someone resumed the secure release queue %(queue)s on the print server %(server)s. The "
                "console saw it %(at)s. Its jobs print by themselves, also those of people who left. Stop it "
                "again on its page, or end secure release there."
            ),
        )


class QueueStoppedAgain(_QueueNotice):
    """That the console stopped a queue which someone had resumed."""

    name = "printing.secure-release-stopped-again"

    def compose(self, mail: Mail) -> tuple[str, str]:
        return _mail(
            self.queue(mail),
            mail,
            _("%(organization)s: %(queue)s was resumed, and stopped again"),
            _(
                "Someone resumed the secure release queue %(queue)s on the print server %(server)s. The "
                "console saw it %(at)s and stopped the queue again. What was sent to it shortly before may "
                "have been printed without release. If someone needs the queue to print by itself, end "
                "secure release on its page. If this happens again today, you will not be notified again."
            ),
        )


def _mail(queue: Printer, mail: Mail, subject: str, text: str) -> tuple[str, str]:
    names = {
        "organization": queue.organization,
        "queue": queue.name,
        "server": queue.server,
        "at": write_moment(datetime.fromisoformat(mail.about["at"])),
    }
    where = {"organization": queue.organization.slug, "printer": queue.pk}
    url = settings.PUBLIC_URL + reverse("console:secure_release", kwargs=where)
    return subject % names, f"{one_line(text % names)}\n\n{url}\n"
