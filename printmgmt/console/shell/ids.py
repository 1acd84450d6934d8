"""Ids as a URL, a form or a stored event writes them."""

from collections.abc import Iterable
from uuid import UUID


def ids_in(texts: Iterable[str]) -> frozenset[UUID]:
    """Return the UUIDs among the texts; other texts are left out."""
    return frozenset(found for text in texts if (found := _id(text)) is not None)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
