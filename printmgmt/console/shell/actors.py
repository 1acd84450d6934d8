"""Who did something, in words."""

from printmgmt.audit.models import ActorKind, AuditEvent
from printmgmt.deprovisioning.steps import step_label


def actor_words(event: AuditEvent) -> str:
    """Return the name that an event keeps of its actor, "" once erased; of a leaving step its label."""
    name = str((event.details or {}).get("actor", ""))
    return str(step_label(name)) if event.actor_kind == ActorKind.SYSTEM else name
