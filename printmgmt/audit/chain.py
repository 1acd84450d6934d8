"""The seal of an audit event: a SHA-256 that links it to the event before it."""

import hashlib
import json
from datetime import UTC, datetime

from printmgmt.audit.models import AuditEvent


def seal_of(previous: str, event: AuditEvent, *, sequence: int, sealed_at: datetime) -> str:
    """Return the seal of ``event`` as number ``sequence`` after the seal ``previous``, in hexadecimal.

    It covers every column that is never erased, and the digest of the details, so that the details can be
    erased without breaking the chain. The columns are joined as JSON, so different rows differ in their text.
    """
    columns = [
        previous,
        sequence,
        event.digest,
        str(event.organization_id),
        event.pk,
        _moment(event.at),
        event.actor_kind,
        event.actor_id,
        event.verb,
        event.object_type,
        event.object_id,
        event.request_id,
        _moment(sealed_at),
    ]
    canonical = json.dumps(columns, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _moment(at: datetime) -> str:
    """Return ``at`` as text in UTC with microseconds: databases return different time zones."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
