"""The people and groups of an export, as streams. The number of queries does not depend on the rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Literal
from uuid import UUID

from printmgmt.organizations.models import Organization
from printmgmt.people.attributes import ATTRIBUTES
from printmgmt.people.models import LIVE_STATES, GroupMembership, GroupNesting, PrintGroup, PrintUser

CHUNK = 2_000
"""Rows fetched from the database at once."""

PERSON_FIELDS = (
    "id",
    *(attribute.name for attribute in ATTRIBUTES if attribute.exported),
    "state",
    "source",
    "created_at",
    "updated_at",
)
"""Never add cards, PINs or devices: not even their digests may leave the console."""


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a group: a person (``name`` is the user name) or a group."""

    group: UUID
    type: Literal["person", "group"]
    id: UUID
    name: str


def people(organization: Organization) -> Iterator[dict[str, object]]:
    """Yield the PERSON_FIELDS of all people who are not removed, oldest first. One query."""
    rows = PrintUser.objects.of(organization).live().order_by("created_at", "id")
    yield from rows.values(*PERSON_FIELDS).iterator(chunk_size=CHUNK)


def groups(organization: Organization) -> Iterator[tuple[PrintGroup, Iterator[Member]]]:
    """Yield each group with a stream of its members. Read them before the next group. Three queries."""
    rows = PrintGroup.objects.of(organization).present().order_by("id")
    people_in = _Merged(_people_in_groups(organization))
    child_groups = _Merged(_groups_in_groups(organization))
    for group in rows.only("id", "display_name", "source", "updated_at").iterator(chunk_size=CHUNK):
        yield group, _members(group.pk, people_in, child_groups)


def _members(group: UUID, *streams: "_Merged") -> Iterator[Member]:
    for stream in streams:
        # The console and a directory may both have added a person: yield them once.
        for _id, same in groupby(stream.of(group), key=attrgetter("id")):
            yield next(same)


def _people_in_groups(organization: Organization) -> Iterator[Member]:
    rows = GroupMembership.objects.present().filter(
        group__organization=organization, person__state__in=LIVE_STATES
    )
    wanted = rows.order_by("group_id", "person_id").values_list("group_id", "person_id", "person__user_name")
    for group, person, name in wanted.iterator(chunk_size=CHUNK):
        yield Member(group, "person", person, name)


def _groups_in_groups(organization: Organization) -> Iterator[Member]:
    rows = GroupNesting.objects.present().filter(parent__organization=organization)
    wanted = rows.order_by("parent_id", "child_id").values_list(
        "parent_id", "child_id", "child__display_name"
    )
    for parent, child, name in wanted.iterator(chunk_size=CHUNK):
        yield Member(parent, "group", child, name)


class _Merged:
    """A stream of members, sorted by group, that is read in parallel with the groups."""

    def __init__(self, members: Iterator[Member]) -> None:
        self._members = members
        self._next: Member | None = None

    def of(self, group: UUID) -> Iterator[Member]:
        # The queries see the database at slightly different moments: members of a group that the query for
        # groups did not see yet are skipped. PostgreSQL and SQLite order UUIDs as Python does.
        while (member := self._peek()) is not None and member.group <= group:
            self._next = None
            if member.group == group:
                yield member

    def _peek(self) -> Member | None:
        if self._next is None:
            self._next = next(self._members, None)
        return self._next
