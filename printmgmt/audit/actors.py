"""The actor: who makes a change. Every service that changes something takes it as ``by``."""

from dataclasses import dataclass

from printmgmt.audit.models import ActorKind


@dataclass(frozen=True)
class Actor:
    """Who does something, in which request.

    id        the account's UUID or the token's primary key
    label     the name that people read ("SCIM token pm_1a2b…")
    source    the owner of the rows that are written ("console" or "<add-on slug>:<installation>")
    ends_console_access   for a stored order that is carried out later: what was decided when it was given;
              None to decide now (`deprovisioning.console_access`)
    """

    kind: ActorKind
    label: str
    id: str = ""
    source: str = "console"
    request_id: str = ""
    ends_console_access: bool | None = None


def system(label: str, *, request_id: str = "") -> Actor:
    """Return the actor for work that nobody asked for directly: a step of a run, a sweep, a command."""
    return Actor(kind=ActorKind.SYSTEM, label=label, source="console", request_id=request_id)
