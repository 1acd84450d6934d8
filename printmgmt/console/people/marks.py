"""Who blocked a person, allowed them against the directory, or put them on legal hold, and when."""

from dataclasses import dataclass
from datetime import datetime

from printmgmt.audit.models import AuditEvent
from printmgmt.people.models import PrintUser, ShownState

VERBS = {ShownState.BLOCKED: "person.blocked", ShownState.ALLOWED: "person.allowed"}


@dataclass(frozen=True)
class Mark:
    """Who blocked, allowed or held someone (empty where the name was erased), and when."""

    by: str
    at: datetime


def mark_of(person: PrintUser) -> Mark | None:
    """The mark of a person who is blocked, or allowed against the directory's word; one query, else none."""
    verb = VERBS.get(person.shown_state)
    at = person.blocked_at or person.allowed_at
    if verb is None or at is None:
        return None
    event = _newest(person, verb)
    return Mark(by=_actor(event), at=at)


def hold_of(person: PrintUser) -> Mark | None:
    """Who put a person on legal hold, and when; None without a hold. One query if there is one.

    A hold that merging took over from another entry is nobody's.
    """
    event = _newest(person, "person.hold-set") if person.legal_hold else None
    return Mark(by=_actor(event), at=event.at) if event else None


def _newest(person: PrintUser, verb: str) -> AuditEvent | None:
    events = AuditEvent.objects.filter(
        organization=person.organization_id, object_type="person", object_id=str(person.pk), verb=verb
    )
    return events.order_by("-id").first()


def _actor(event: AuditEvent | None) -> str:
    details = (event.details if event else None) or {}
    return str(details.get("actor", ""))
