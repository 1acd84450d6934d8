"""Writes and erases audit events."""

import hashlib
import json
import secrets
from typing import Any

from printmgmt.audit.actors import Actor
from printmgmt.audit.models import AuditEvent, AuditEventQuerySet, stated
from printmgmt.organizations.models import Organization
from printmgmt.requests import sender_address


def details_digest(salt: bytes, details: dict[str, Any]) -> str:
    """Return the SHA-256 of the salt and the canonical JSON of the details, in hexadecimal."""
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

    verb      a stable name such as ``person.suspended``
    label     the name of the object that people read
    reason, ticket   what the actor typed; at most 200 characters for the ticket
    details   must be JSON

    The names of actor and object are saved in the erasable part, and so is the IP address of the request, if
    there is one, as ``address``.
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
        digest=details_digest(salt, {**body, **stated(reason, ticket)}),
    )


def erase_details(events: AuditEventQuerySet) -> int:
    """Erase the personal part of these events and its salt; return how many had any.

    The chain stays valid. Without the salt, the digest reveals nothing about what was erased.
    """
    return events.filter(details__isnull=False).update(details=None, salt=None, reason="", ticket="")
