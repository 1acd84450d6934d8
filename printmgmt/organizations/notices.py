"""Mail to administrators, each notice once and in the language of its reader."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import timedelta

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.utils import timezone, translation

from printmgmt.organizations.email_addresses import InvalidAddress, mail_address, normal_address
from printmgmt.organizations.language import LANGUAGES
from printmgmt.organizations.models import Notice, Organization
from printmgmt.organizations.moments import zone_of
from printmgmt.organizations.one_line import one_line
from printmgmt.organizations.services import told_readers

log = structlog.get_logger(__name__)

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

    ``compose`` gives subject and text; it is called only to send, once for each language that is read, with
    that language and the organization's time zone active. ``also`` are further addresses. Raises BeingSent,
    and ``OSError`` (which ``smtplib.SMTPException`` is) for what the mail server does: after it every other
    language had its mail, and whoever had one gets none when it is tried again. A crash between sending and
    recording repeats the mail with the same Message-ID.
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
    notice.refresh_from_db(fields=["recipients"])  # who held the claim before may have sent to some
    try:
        _send(notice, compose, also)
    except Exception:
        Notice.objects.filter(pk=notice.pk).update(claimed_until=None)
        raise
    notice.sent_at = timezone.now()
    notice.save(update_fields=["message_id", "sent_at"])
    return notice


def _send(notice: Notice, compose: Callable[[], tuple[str, str]], also: Collection[str]) -> None:
    """One mail a language, to those who had none yet; raises the first failure when all had their turn."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(">") or "localhost"
    notice.message_id = f"<{notice.pk}@{domain}>"
    failures: list[Exception] = []
    for number, (language, addresses) in enumerate(_readers(notice.organization, also).items()):
        # In another language it is another message; what is recorded is the first one's.
        message_id = f"<{notice.pk}.{language}@{domain}>" if number else notice.message_id
        waiting = [address for address in addresses if address not in notice.recipients]
        if not waiting:
            continue
        try:
            with translation.override(language), timezone.override(zone_of(notice.organization)):
                subject, text = compose()
            EmailMessage(one_line(subject), text, to=waiting, headers={"Message-ID": message_id}).send()
        except Exception as error:
            log.warning("a notice waits in one language", key=notice.key, language=language, error=str(error))
            failures.append(error)
        else:
            notice.recipients += waiting
            notice.save(update_fields=["recipients"])
    if failures:
        raise failures[0]


def _readers(organization: Organization, also: Collection[str]) -> dict[str, list[str]]:
    """Addresses by language. Whoever chose none reads the language that most of the others chose."""
    told = told_readers(organization)
    chosen = Counter(language for _address, language in told if language in LANGUAGES)
    usual = chosen.most_common(1)[0][0] if chosen else settings.LANGUAGE_CODE
    readers: dict[str, list[str]] = defaultdict(list)
    for address, language in told:
        readers[language if language in LANGUAGES else usual].append(address)
    further = _mailable(also, known={address for address, _language in told})
    if further:
        readers[usual] += further
    return readers


def _mailable(addresses: Collection[str], *, known: set[str]) -> list[str]:
    """Those a mail can be sent to, without the accounts that are told anyway: one bad one stops no mail."""
    mailable = []
    for address in addresses:
        with suppress(InvalidAddress):
            if normal_address(address) not in known:
                mailable.append(mail_address(address))
    return mailable
