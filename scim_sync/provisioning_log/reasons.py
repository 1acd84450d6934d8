"""What the answer alone does not tell of a write that was refused, or was done but for a part of it."""

from enum import StrEnum
from typing import NamedTuple


class Reason(StrEnum):
    """Why, in one word; stored in events, so never renamed."""

    LINKED_ALREADY = "linked-already"
    NAME_TAKEN = "name-taken"
    CARD_HELD = "card-held"
    NOT_ACTIVE = "not-active"
    BLANK = "blank"
    UNKNOWN_MEMBERS = "unknown-members"


class Warned(NamedTuple):
    """A part of a write that was left out; ``detail`` names attribute and value, as a refusal would."""

    reason: Reason
    detail: str
