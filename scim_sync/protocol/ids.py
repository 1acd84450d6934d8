"""Ids of resources: UUIDs here, opaque text to a client."""

from typing import Final
from uuid import UUID

NOBODY: Final = UUID(int=0)


def parse_id(text: str) -> UUID:
    """The id, or one nobody has: an id that cannot exist, or is spelt in another way, is simply unknown."""
    try:
        found = UUID(text)
    except ValueError:
        return NOBODY
    return found if str(found) == text.lower() else NOBODY
