"""What a seal is: the SHA-256 that ties an audit event to the one before it."""

import hashlib
import json
from datetime import UTC, datetime

from printmgmt.audit.models import AuditEvent


def seal_of(previous: str, event: AuditEvent, *, sequence: int, sealed_at: datetime) -> str:
    """Return the seal of ``event`` as number ``sequence`` behind the seal ``previous``, in hexadecimal.

    It covers every column that is never erased; of the details it covers their digest, so that they can be
    erased without breaking the chain. JSON keeps the columns apart: two rows never read alike.
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
    """Both databases keep microseconds, each with a zone of its own."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
