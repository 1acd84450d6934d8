"""What every write of people and groups takes and returns."""

from dataclasses import dataclass, field
from typing import Any, Final

from printmgmt.people.models import PrintGroup, PrintUser
from scim_sync.models import Action
from scim_sync.protocol.differences import Difference
from scim_sync.provisioning_log.reasons import Warned

MOST_NAMED: Final = 20
"""Members of a group, or groups of a person, that an event names; further ones are counted."""


@dataclass(frozen=True)
class Preconditions:
    """The raw If-Match and If-None-Match headers of a write."""

    if_match: str | None = None
    if_none_match: str | None = None


@dataclass
class Outcome:
    """What a write did: the resource to answer with and what to log; `subject` is a name for readers.

    `is_whole` is False where the resource is too large to be sent back.
    """

    action: Action
    subject: str
    resource: dict[str, Any]
    location: str
    person: PrintUser | None = None
    group: PrintGroup | None = None
    changes: list[Difference] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)
    is_whole: bool = True
