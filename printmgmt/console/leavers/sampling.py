"""A random sample that an auditor can draw again: by a seed, whatever order the rows are in."""

import hashlib
import heapq
from collections.abc import Iterable
from uuid import UUID


def draw(ids: Iterable[UUID], number: int, seed: str) -> list[UUID]:
    """Return ``number`` ids at most: those with the lowest SHA-256 of ``<seed>:<id>``.

    Reads ids one by one, so a hundred thousand cost no memory. The same seed and rows give the same sample.
    """
    return heapq.nsmallest(number, ids, key=lambda pk: hashlib.sha256(f"{seed}:{pk}".encode()).digest())
