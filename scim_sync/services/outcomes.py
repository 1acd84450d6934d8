"""What every write takes and gives, of people and of groups."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from printmgmt.people.models import PrintGroup, PrintUser
from scim_sync.models import Action
from scim_sync.protocol.differences import Difference

NOBODY = UUID(int=0)


@dataclass(frozen=True)
class Preconditions:
    """The raw If-Match and If-None-Match headers of a write."""

    if_match: str | None = None
    if_none_match: str | None = None


@dataclass
class Outcome:
    """What a write did: the answer's resource, and what the event tells; `subject` is a name to read."""

    action: Action
    subject: str
    resource: dict[str, Any]
    location: str
    person: PrintUser | None = None
    group: PrintGroup | None = None
    changes: list[Difference] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def operations_of(body: dict[str, Any]) -> Any:
    """The operations of a PATCH body, in any letter case; what is wrong with them, the protocol says."""
    return next((value for key, value in body.items() if key.lower() == "operations"), None)


def parse_id(text: str) -> UUID:
    """The id, or one nobody has: an id that cannot exist, or is spelt in another way, is simply unknown."""
    try:
        found = UUID(text)
    except ValueError:
        return NOBODY
    return found if str(found) == text.lower() else NOBODY
