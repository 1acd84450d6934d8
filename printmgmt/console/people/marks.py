"""Who set the console's own word on a person, against or beside the directory's, and when."""

from dataclasses import dataclass
from datetime import datetime

from printmgmt.audit.models import AuditEvent
from printmgmt.people.models import PrintUser, ShownState

VERBS = {ShownState.BLOCKED: "person.blocked", ShownState.ALLOWED: "person.allowed"}


@dataclass(frozen=True)
class Mark:
    """Who blocked or allowed someone (empty where the name was erased), and when."""

    by: str
    at: datetime


def mark_of(person: PrintUser) -> Mark | None:
    """The mark of a person who is blocked, or allowed against the directory's word; one query, else none."""
    verb = VERBS.get(person.shown_state)
    at = person.blocked_at or person.allowed_at
    if verb is None or at is None:
        return None
    events = AuditEvent.objects.filter(
        organization=person.organization_id, object_type="person", object_id=str(person.pk), verb=verb
    )
    event = events.order_by("-id").first()
    details = (event.details if event else None) or {}
    return Mark(by=str(details.get("actor", "")), at=at)
