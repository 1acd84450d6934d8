"""Sends what is in the outbox."""

from datetime import timedelta
from typing import ClassVar

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation

from printmgmt.mail.kinds import MailKind, NotNeeded, kind_named
from printmgmt.mail.models import Mail, MailState
from printmgmt.mail.one_line import one_line
from printmgmt.mail.outbox import MAIL_WORK
from printmgmt.work.claims import Claim
from printmgmt.work.kinds import Work, WorkError

log = structlog.get_logger(__name__)


class Mails(Work[Mail]):
    """The outbox. A crash between sending and recording repeats the mail, with the same Message-ID."""

    name = MAIL_WORK
    model = Mail
    open: ClassVar[Q] = Q(state=MailState.WAITING)
    lease = timedelta(minutes=2)
    # A mail server that hangs must not keep a worker from steps for long.
    budget = 30.0

    def context(self, row: Mail) -> dict[str, str]:
        return {"mail": str(row.pk), "kind": row.kind}

    def perform(self, claim: Claim[Mail]) -> None:
        mail = claim.row
        kind = kind_named(mail.kind)
        if kind is None:
            raise WorkError("unknown kind of mail", permanent=True)
        try:
            _send(claim, kind)
        except NotNeeded:
            self.finish(claim, state=MailState.NOT_NEEDED, ended_at=timezone.now(), sealed="")
            return
        with transaction.atomic():
            self.finish(
                claim,
                state=MailState.SENT,
                ended_at=timezone.now(),
                message_id=mail.message_id,
                sealed="",
            )
            kind.after_sending(mail)

    @transaction.atomic
    def give_up(self, claim: Claim[Mail], error: str) -> None:
        log.error("mail given up", error=error)
        self.finish(claim, state=MailState.FAILED, error=error, ended_at=timezone.now(), sealed="")
        kind = kind_named(claim.row.kind)
        if kind is not None:
            kind.after_failing(claim.row)


def _send(claim: Claim[Mail], kind: MailKind) -> None:
    """One mail a language, to those who had none yet; raises the first failure when all had their turn."""
    mail = claim.row
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(">") or "localhost"
    mail.message_id = f"<{mail.pk}@{domain}>"
    failures: list[Exception] = []
    for number, (language, addresses) in enumerate(kind.readers(mail).items()):
        waiting = [address for address in addresses if address not in mail.recipients]
        if not waiting:
            continue
        # In another language it is another message; what is recorded is the first one's.
        message_id = f"<{mail.pk}.{language}@{domain}>" if number else mail.message_id
        try:
            with translation.override(language), timezone.override(kind.zone(mail)):
                subject, text = kind.compose(mail)
            claim.renew()
            headers = {"Message-ID": message_id}
            EmailMessage(one_line(subject), text, to=waiting, headers=headers).send()
        except OSError as error:  # which smtplib.SMTPException is
            log.warning("a mail waits in one language", language=language, error=str(error))
            failures.append(WorkError(str(error), permanent=False))
        except (NotNeeded, WorkError):
            raise
        except Exception as error:
            log.exception("a mail cannot be written in one language", language=language)
            failures.append(error)
        else:
            mail.recipients += waiting
            claim.note(recipients=mail.recipients)
    if failures:
        raise failures[0]
