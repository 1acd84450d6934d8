"""When the directory was last heard of, written at most once a minute."""

from collections import Counter
from datetime import timedelta
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from scim_sync.models import Contact, ScimToken

PAUSE = timedelta(minutes=1)

_reads: Counter[UUID] = Counter()
"""Reads since this process last wrote; a restart loses less than a minute of them."""


def note_contact(token: ScimToken, *, writes: bool, address: str | None) -> None:
    """Note that ``token`` (with its installation's contact loaded) was used, for a write or a read."""
    installation = token.installation
    contact: Contact | None = getattr(installation, "contact", None)
    now = timezone.now()
    if not writes:
        _reads[installation.pk] += 1
    if contact is None:
        Contact.objects.get_or_create(installation=installation)
    last = contact and (contact.last_write_at if writes else contact.last_at)
    if last is None or now - last >= PAUSE:
        seen = {"last_at": now, "reads": F("reads") + _reads.pop(installation.pk, 0)}
        Contact.objects.filter(installation=installation).update(
            **seen, **({"last_write_at": now} if writes else {})
        )
    if token.last_used_at is None or now - token.last_used_at >= PAUSE:
        ScimToken.objects.filter(pk=token.pk).update(last_used_at=now, last_used_address=address)
