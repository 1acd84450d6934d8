"""Ordering mails."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from printmgmt.mail.models import BOX, Mail, MailState
from printmgmt.work.nudges import nudge_after_commit

MAIL_WORK: Final = "mail"
"""What mails are called in nudges; the key is the row's id."""

KEPT: Final = timedelta(days=30)
"""How long a mail that is over stays, unless its key keeps it from being sent again."""


@transaction.atomic
def post(
    kind: str,
    *,
    about: Mapping[str, str],
    organization: UUID | None = None,
    language: str = "",
    key: str = "",
    secret: str = "",
    nudge: bool = True,
) -> Mail:
    """Order a mail and return its row; one whose ``key`` was ordered before is that one.

    ``about`` are ids, never what is secret: ``secret`` waits in the secret box. ``language`` is for readers
    who chose none. With ``nudge`` a worker is asked to send it once the transaction is committed.
    """
    values = {
        "kind": kind,
        "about": dict(about),
        "language": language,
        "sealed": BOX.seal(secret) if secret else "",
    }
    if key:
        mail, made = Mail.objects.get_or_create(organization=organization, key=key, defaults=values)
    else:
        mail, made = Mail.objects.create(organization=organization, **values), True
    if made and nudge:
        nudge_after_commit(MAIL_WORK, mail.pk)
    return mail


def withdraw(kind: str, *, about: Mapping[str, str]) -> None:
    """Cancel the waiting mails of this kind about the same rows; one being sent now is still sent."""
    waiting = Mail.objects.filter(kind=kind, about=dict(about), state=MailState.WAITING)
    waiting.update(state=MailState.NOT_NEEDED, ended_at=timezone.now(), sealed="")


def retry(mail: Mail) -> None:
    """Send a failed mail again, with all its attempts; a mail in another state does not change."""
    if mail.state == MailState.FAILED:
        mail.state, mail.ended_at = MailState.WAITING, None
        mail.save(update_fields=["state", "ended_at", *mail.start_over(due_at=timezone.now())])


def forget_old() -> int:
    """Delete what is over for long and may be ordered again; return how many rows."""
    old = Mail.objects.filter(key="", created_at__lt=timezone.now() - KEPT).exclude(state=MailState.WAITING)
    return old.delete()[0]


def erase_about(person_ids: Collection[UUID], *, organization: UUID) -> int:
    """Erase addresses and errors of an organization's mails about these people; return of how many.

    What was to be sent to them is not sent any more.
    """
    mails = Mail.objects.filter(organization=organization, about__person__in=[str(pk) for pk in person_ids])
    mails.filter(state=MailState.WAITING).update(state=MailState.NOT_NEEDED, ended_at=timezone.now())
    return mails.update(recipients=[], error="", sealed="")
