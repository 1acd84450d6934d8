"""Ids of resources: UUIDs for us, opaque text for clients."""

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

NOBODY: Final = UUID(int=0)


def parse_id(text: str) -> UUID:
    """Return the id, or NOBODY if the text is no UUID in our spelling: such an id is simply unknown."""
    try:
        found = UUID(text)
    except ValueError:
        return NOBODY
    return found if str(found) == text.lower() else NOBODY


def ids_in(body: Any) -> set[UUID]:
    """Return every id anywhere in a body: the resources that may have to be locked."""
    return {parse_id(text) for text in _texts(body) if len(text) == len(str(NOBODY))} - {NOBODY}


def _texts(body: Any) -> Iterator[str]:
    if isinstance(body, str):
        yield body
    elif isinstance(body, dict | list):
        for inner in body.values() if isinstance(body, dict) else body:
            yield from _texts(inner)
