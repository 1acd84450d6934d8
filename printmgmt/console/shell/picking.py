"""Choosing people and groups from a search: several at once, kept while the search goes on."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import QueryDict

from printmgmt.console.shell.ids import ids_in
from printmgmt.people.models import PrintGroup, PrintUser

SHOWN = 20
"""People, and groups, that a search shows."""

MOST = 50
"""Members chosen at once: they stand in the address while the search goes on."""

PICK = "pick"
"""The parameter that holds what is chosen."""


@dataclass(frozen=True)
class Choice:
    """A line with a box to check; ``inside`` when there is nothing left to choose."""

    member: PrintUser | PrintGroup
    inside: bool = False

    @property
    def is_person(self) -> bool:
        return isinstance(self.member, PrintUser)


@dataclass(frozen=True)
class Found:
    """What a search found of one kind; ``more`` when it is too much to show."""

    choices: list[Choice]
    more: bool


@dataclass(frozen=True)
class Picks:
    """What is chosen already, and what the search found beside it (template `console/shell/_picks.html`)."""

    chosen: list[Choice]
    found: list[Choice]
    more: bool

    @property
    def full(self) -> bool:
        """Whether no more can be chosen at once."""
        return len(self.chosen) >= MOST


def picked(query: QueryDict) -> frozenset[UUID]:
    """The ids that are chosen."""
    return ids_in(query.getlist(PICK))


def find(rows: QuerySet[Any], inside: Callable[[list[UUID]], Iterable[UUID]]) -> Found:
    """The first of the people or groups; ``inside`` tells which of their ids have nothing left to choose."""
    found = list(rows[: SHOWN + 1])
    shown = found[:SHOWN]
    already = set(inside([row.pk for row in shown])) if shown else set()
    return Found([Choice(row, inside=row.pk in already) for row in shown], len(found) > SHOWN)


def picks(chosen: Iterable[PrintUser | PrintGroup], *found: Found) -> Picks:
    """What the page shows."""
    return Picks(
        chosen=[Choice(member) for member in chosen],
        found=[choice for part in found for choice in part.choices],
        more=any(part.more for part in found),
    )
