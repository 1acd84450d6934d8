"""The members of a group as one list: its groups first, then its people."""

from collections.abc import Iterator
from functools import cached_property
from itertools import chain
from typing import Any, TypeAlias

from django.db.models import Q, QuerySet

from printmgmt.people.members import child_groups, groups_of, matching_groups, people_in
from printmgmt.people.models import GroupMembership, GroupNesting, PrintGroup, PrintUser

MemberRow: TypeAlias = GroupMembership | GroupNesting


class MemberList:
    """Rows of two tables, sliced, counted and streamed as a paginator and an export want them.

    ``kind`` is "people", "groups" or "" for both; ``source`` a condition on the rows' source.
    """

    def __init__(self, group: PrintGroup, *, kind: str, search: str, source: Q) -> None:
        nested, people = child_groups(group), people_in(group)
        if search:
            organization = group.organization
            nested = nested.filter(child__in=matching_groups(groups_of(organization), search).order_by())
            people = people.filter(person__in=PrintUser.objects.of(organization).matching(search))
        parts: dict[str, QuerySet[Any]] = {"groups": nested.filter(source), "people": people.filter(source)}
        self._parts = [part for name, part in parts.items() if kind in ("", name)]

    def count(self) -> int:
        return sum(self._sizes)

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, wanted: slice) -> list[MemberRow]:
        """The rows from ``start`` to ``stop``; both are given."""
        rows: list[MemberRow] = []
        start, stop = wanted.start, wanted.stop
        for part, size in zip(self._parts, self._sizes, strict=True):
            if start < min(stop, size):
                rows += part[start:stop]
            start, stop = max(start - size, 0), max(stop - size, 0)
        return rows

    def iterator(self, chunk_size: int) -> Iterator[MemberRow]:
        """All of the rows, fetched so many at a time."""
        return chain.from_iterable(part.iterator(chunk_size=chunk_size) for part in self._parts)

    @cached_property
    def _sizes(self) -> list[int]:
        return [part.count() for part in self._parts]


def member_of(row: MemberRow) -> PrintUser | PrintGroup:
    """Who is in the group by this row."""
    return row.person if isinstance(row, GroupMembership) else row.child
