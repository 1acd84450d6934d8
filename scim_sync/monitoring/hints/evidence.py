"""Signs of a wrong mapping, counted: how often since the last sign of the right one, and the newest event."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from scim_sync.models import ProvisioningEvent


class Sign(StrEnum):
    """Something that an event shows. Stored in ``MappingHints``, so values stay."""

    CREATED_WITHOUT_ACTIVE = "created-without-active"
    DELETED_WHILE_ACTIVE = "deleted-while-active"
    WHOLE_LIST = "whole-list"
    MEMBERS_ADDED = "members-added"
    MEMBERS_REMOVED = "members-removed"
    UNKNOWN_MEMBERS = "unknown-members"
    EMAIL_WITHOUT_VALUE = "email-without-value"
    PHONE_WITHOUT_VALUE = "phone-without-value"
    ADDRESS_WITHOUT_VALUE = "address-without-value"


@dataclass(frozen=True)
class Seen:
    """How often a sign was seen, since when and when last; ``event`` is the newest with it."""

    count: int
    first_at: datetime
    at: datetime
    event: int

    @classmethod
    def read(cls, kept: dict[str, Any]) -> Self:
        return cls(
            kept["count"],
            datetime.fromisoformat(kept["first_at"]),
            datetime.fromisoformat(kept["at"]),
            kept["event"],
        )


class Evidence:
    """The signs of one installation; ``kept`` is the JSON of its row, which is changed in place."""

    def __init__(self, kept: dict[str, Any]) -> None:
        self._kept = kept

    def count(self, sign: Sign, event: ProvisioningEvent, number: int = 1) -> None:
        """Count a sign that ``event`` shows."""
        at = event.at.isoformat()
        before = self._kept.get(sign, {"count": 0, "first_at": at})
        self._kept[sign.value] = {**before, "count": before["count"] + number, "at": at, "event": event.pk}

    def clear(self, *signs: Sign) -> None:
        """Forget signs that the newest event disproves."""
        for sign in signs:
            self._kept.pop(sign.value, None)

    def of(self, sign: Sign, *, at_least: int = 1) -> Seen | None:
        """What is known of a sign that was seen so often, else None."""
        kept = self._kept.get(sign)
        return Seen.read(kept) if kept and kept["count"] >= at_least else None
