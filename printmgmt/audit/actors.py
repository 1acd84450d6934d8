"""Who acts: the one value every changing service takes as ``by``."""

from dataclasses import dataclass

from printmgmt.audit.models import ActorKind


@dataclass(frozen=True)
class Actor:
    """Who does something, in which request.

    ``id`` is the account's UUID or the token's primary key, ``label`` what a person reads ("SCIM token
    pm_1a2b…"), ``source`` the owner of what is written ("console" or "<add-on slug>:<installation>").
    ``ends_console_access`` is what a stored order decided when it was given, for whoever carries it out
    later; None where it is decided now (`deprovisioning.console_access`).
    """

    kind: ActorKind
    label: str
    id: str = ""
    source: str = "console"
    request_id: str = ""
    ends_console_access: bool | None = None


def system(label: str, *, request_id: str = "") -> Actor:
    """The console acting by itself: a step of a run, a sweep, a command."""
    return Actor(kind=ActorKind.SYSTEM, label=label, source="console", request_id=request_id)
