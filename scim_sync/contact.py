"""When the directory was last heard of, at most once a minute; and when it came back after a silence."""

from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from scim_sync.models import Contact, ScimToken, Visit

PAUSE = timedelta(minutes=1)

SILENCE = timedelta(minutes=5)
"""Calls further apart are two visits: Entra does not pause within a cycle, and 40 minutes between two."""

_reads: Counter[UUID] = Counter()
"""Reads since this process last wrote; a restart loses less than a minute of them."""


def note_contact(token: ScimToken, *, writes: bool, address: str | None) -> None:
    """Note that ``token`` (with its installation's contact loaded) was used, for a write or a read."""
    installation, now = token.installation, timezone.now()
    if not writes:
        _reads[installation.pk] += 1
    contact: Contact | None = getattr(installation, "contact", None)
    last = None
    if contact is None:
        Contact.objects.get_or_create(installation=installation)
    else:
        last = contact.last_write_at if writes else contact.last_at
    if _is_due(last, now):
        seen = {"last_at": now, "reads": F("reads") + _reads.pop(installation.pk, 0)}
        written = {"last_write_at": now} if writes else {}
        Contact.objects.filter(installation=installation).update(**seen, **written)
    if contact is not None and now - contact.last_at >= SILENCE:
        Visit.objects.create(installation=installation, began_at=now, silence=now - contact.last_at)
    if _is_due(token.last_used_at, now):
        ScimToken.objects.filter(pk=token.pk).update(last_used_at=now, last_used_address=address)


def _is_due(last: datetime | None, now: datetime) -> bool:
    return last is None or now - last >= PAUSE
