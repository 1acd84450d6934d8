"""Ids of resources: UUIDs here, opaque text to a client."""

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

NOBODY: Final = UUID(int=0)


def parse_id(text: str) -> UUID:
    """The id, or one nobody has: an id that cannot exist, or is spelt in another way, is simply unknown."""
    try:
        found = UUID(text)
    except ValueError:
        return NOBODY
    return found if str(found) == text.lower() else NOBODY


def ids_in(body: Any) -> set[UUID]:
    """Every id that a body holds anywhere, whatever it is there: what may have to be locked for it."""
    return {parse_id(text) for text in _texts(body) if len(text) == len(str(NOBODY))} - {NOBODY}


def _texts(body: Any) -> Iterator[str]:
    if isinstance(body, str):
        yield body
    elif isinstance(body, dict | list):
        for inner in body.values() if isinstance(body, dict) else body:
            yield from _texts(inner)
