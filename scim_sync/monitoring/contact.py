"""The directory's last contact, written about once a minute, and its visits with their reads."""

from datetime import datetime, timedelta
from threading import Lock
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from addons.models import Installation
from scim_sync.models import Contact, FederatedTrust, ScimClientSecret, ScimToken, Visit

WRITE_EVERY = timedelta(minutes=1)

SILENCE = timedelta(minutes=5)
"""Requests further apart belong to two visits: Entra waits 40 minutes between cycles, not within one."""

READS_KEPT = 10
"""Reads a process counts in memory before it writes them, within a minute; in a large visit a tenth of it."""

_kept: dict[UUID, tuple[int, int]] = {}
"""For each installation: the visit, and its reads that this process has not written yet."""

_throttled: dict[UUID, int] = {}
"""For each installation the requests of its visit that were asked to come later, not written yet."""

_lock = Lock()


def note_contact(token: ScimToken, *, writes: bool, address: str | None) -> None:
    """Record a request with ``token``, which has its installation's contact and visit loaded."""
    installation, now = token.installation, timezone.now()
    contact: Contact | None = getattr(installation, "contact", None)
    last = None
    if contact is not None and contact.visit is not None and now - contact.last_at < SILENCE:
        visit = contact.visit
        last = contact.last_write_at if writes else contact.last_at
    else:
        visit = _visit_now(installation, now)
    kept = _keep(installation.pk, visit.pk, 0 if writes else 1)
    if _is_due(last, now) or kept >= max(READS_KEPT, visit.reads // 10):
        seen = {"last_at": now, "last_write_at": now} if writes else {"last_at": now}
        Contact.objects.filter(installation=installation).update(**seen)
        _write_counts(installation.pk)
    if _is_due(token.last_used_at, now):
        used = {"last_used_at": now, "last_used_address": address}
        ScimToken.objects.filter(pk=token.pk).update(**used)
        if token.client_secret_id is not None:
            ScimClientSecret.objects.filter(pk=token.client_secret_id).update(**used)
        if token.trust_id is not None:
            FederatedTrust.objects.filter(pk=token.trust_id).update(**used)


def count_throttled(installation: Installation) -> None:
    """Count a request that was asked to come later. No query: `note_contact` writes the number."""
    with _lock:
        _throttled[installation.pk] = _throttled.get(installation.pk, 0) + 1


@transaction.atomic
def _visit_now(installation: Installation, now: datetime) -> Visit:
    """The visit this request belongs to, created if no parallel request has done so."""
    Contact.objects.get_or_create(installation=installation, defaults={"first_at": now, "last_at": now})
    contacts = Contact.objects.select_for_update(of=("self",), no_key=True).select_related("visit")
    contact = contacts.get(installation=installation)
    silence = now - contact.last_at
    if contact.visit is not None and silence < SILENCE:
        return contact.visit
    contact.visit = Visit.objects.create(
        installation=installation, began_at=now, silence=silence if silence >= SILENCE else None
    )
    contact.last_at = now
    contact.save(update_fields=["visit", "last_at"])
    return contact.visit


def _keep(installation: UUID, visit: int, reads: int) -> int:
    """Add reads to the unwritten ones and return their number; reads of an earlier visit are written."""
    with _lock:
        kept_for, kept = _kept.get(installation, (visit, 0))
        if kept_for == visit:
            reads += kept
        _kept[installation] = visit, reads
    if kept_for != visit:
        _add_to(kept_for, reads=kept)
    return reads


def _write_counts(installation: UUID) -> None:
    with _lock:
        visit, reads = _kept.pop(installation, (0, 0))
        throttled = _throttled.pop(installation, 0)
    _add_to(visit, reads=reads, throttled=throttled)


def _add_to(visit: int, **numbers: int) -> None:
    added = {name: F(name) + number for name, number in numbers.items() if number}
    if added:
        Visit.objects.filter(pk=visit).update(**added)


def _is_due(last: datetime | None, now: datetime) -> bool:
    return last is None or now - last >= WRITE_EVERY
