"""Mail to administrators, each notice once."""

from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.utils import timezone

from printmgmt.organizations.models import Notice, Organization

CLAIM = timedelta(minutes=2)


class BeingSent(Exception):
    """Another worker is sending this notice right now; ask again later."""


def send_once(organization: Organization, key: str, *, to: list[str], subject: str, text: str) -> Notice:
    """Mail ``text`` to ``to`` unless the notice ``key`` was sent before; return the notice.

    Raises BeingSent, and what the mail backend raises (``OSError``, ``smtplib.SMTPException``). A crash
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
    message_id = f"<{notice.pk}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2].strip('>') or 'localhost'}>"
    try:
        EmailMessage(subject, text, to=to, headers={"Message-ID": message_id}).send()
    except Exception:
        Notice.objects.filter(pk=notice.pk).update(claimed_until=None)
        raise
    notice.recipients, notice.message_id, notice.sent_at = to, message_id, timezone.now()
    notice.save(update_fields=["recipients", "message_id", "sent_at"])
    return notice
