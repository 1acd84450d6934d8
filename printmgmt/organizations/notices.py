"""Mail to administrators, each notice once."""

from collections.abc import Callable, Collection
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.utils import timezone

from printmgmt.organizations.models import Notice, Organization
from printmgmt.organizations.services import told_addresses

CLAIM = timedelta(minutes=2)


class BeingSent(Exception):
    """Another worker is sending this notice right now; ask again later."""


def send_once(
    organization: Organization,
    key: str,
    compose: Callable[[], tuple[str, str]],
    *,
    also: Collection[str] = (),
) -> Notice:
    """Mail the organization's managers unless the notice ``key`` was sent before; return the notice.

    ``compose`` gives subject and text, and is called only to send; ``also`` are further addresses. Raises
    BeingSent, and ``OSError`` (which ``smtplib.SMTPException`` is) for what the mail server does. A crash
    between sending and recording repeats the mail with the same Message-ID.
    """
    notice, _made = Notice.objects.get_or_create(organization=organization, key=key)
    if notice.sent_at:
        return notice
    now = timezone.now()
    unclaimed = Q(claimed_until__isnull=True) | Q(claimed_until__lt=now)
    claimed = Notice.objects.filter(unclaimed, pk=notice.pk, sent_at__isnull=True)
    if not claimed.update(claimed_until=now + CLAIM):
        notice.refresh_from_db()
        if notice.sent_at:
            return notice
        raise BeingSent
    try:
        _send(notice, compose, also)
    except Exception:
        Notice.objects.filter(pk=notice.pk).update(claimed_until=None)
        raise
    notice.sent_at = timezone.now()
    notice.save(update_fields=["recipients", "message_id", "sent_at"])
    return notice


def _send(notice: Notice, compose: Callable[[], tuple[str, str]], also: Collection[str]) -> None:
    told = told_addresses(notice.organization)
    known = {address.casefold() for address in told}
    notice.recipients = [*told, *(address for address in also if address.casefold() not in known)]
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(">") or "localhost"
    notice.message_id = f"<{notice.pk}@{domain}>"
    subject, text = compose()
    one_line = " ".join(subject.split())  # a line break in a name would be a header of its own
    EmailMessage(one_line, text, to=notice.recipients, headers={"Message-ID": notice.message_id}).send()
