"""What every write takes and gives, of people and of groups."""

from dataclasses import dataclass, field
from typing import Any, Final

from printmgmt.people.models import PrintGroup, PrintUser
from scim_sync.models import Action
from scim_sync.protocol.differences import Difference
from scim_sync.provisioning_log.reasons import Warned

MOST_TOLD: Final = 20
"""Members of a group, or groups of a person, that an event names one by one."""


@dataclass(frozen=True)
class Preconditions:
    """The raw If-Match and If-None-Match headers of a write."""

    if_match: str | None = None
    if_none_match: str | None = None


@dataclass
class Outcome:
    """What a write did: the answer's resource, and what the event tells; `subject` is a name to read.

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
