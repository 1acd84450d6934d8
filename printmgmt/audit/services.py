"""Writing the audit trail."""

import hashlib
import json
import secrets
from typing import Any

from printmgmt.audit.actors import Actor
from printmgmt.audit.models import AuditEvent, AuditEventQuerySet, noted
from printmgmt.organizations.models import Organization
from printmgmt.requests import sender_address


def details_digest(salt: bytes, details: dict[str, Any]) -> str:
    """SHA-256 over the salt and the canonical JSON of the details, in hexadecimal."""
    canonical = json.dumps(details, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(salt + canonical.encode()).hexdigest()


def record(
    organization: Organization,
    verb: str,
    *,
    by: Actor,
    object_type: str,
    object_id: object = "",
    label: str = "",
    reason: str = "",
    ticket: str = "",
    **details: Any,
) -> AuditEvent:
    """Append one audit event in the caller's transaction and return it.

    ``verb`` is a stable word such as ``person.suspended``; ``label`` names the object for a reader;
    ``reason`` and ``ticket`` (at most 200 characters) are what whoever acts wrote about it; ``details`` must
    be JSON. The names of actor and object go into the erasable part, and so does the address that the
    request came from, as ``address``, where there is a request.
    """
    body = {"actor": by.label, "object": label, **details}
    if address := sender_address():
        body["address"] = address
    salt = secrets.token_bytes(16)
    return AuditEvent.objects.create(
        organization=organization,
        actor_kind=by.kind,
        actor_id=by.id,
        verb=verb,
        object_type=object_type,
        object_id=str(object_id),
        request_id=by.request_id,
        reason=reason,
        ticket=ticket,
        details=body,
        salt=salt,
        digest=details_digest(salt, {**body, **noted(reason, ticket)}),
    )


def erase_details(events: AuditEventQuerySet) -> int:
    """Erase what may be personal in these events, and its salt; return how many had some.

    The chain stays valid. Without its salt the digest that stays says nothing about who or what it was.
    """
    return events.filter(details__isnull=False).update(details=None, salt=None, reason="", ticket="")
