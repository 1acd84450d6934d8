"""Changes the members of a group, many rows at a time. The size of the group does not change the cost.

Each row has a source: a directory changes only its own rows, and so does the console.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from printmgmt.audit.actors import Actor
from printmgmt.audit.services import record
from printmgmt.locks import lock_alone
from printmgmt.organizations.models import Organization
from printmgmt.people.exceptions import NestingCycle
from printmgmt.people.groups import group_gone, lock_groups, write_group
from printmgmt.people.models import GroupMembership, GroupNesting, PrintGroup, PrintUser

MAX_RECORDED_IDS = 100
"""Ids listed in one audit event. If there are more, it has only their number."""


@dataclass(frozen=True)
class Members:
    """People and groups by their ids."""

    people: frozenset[UUID] = frozenset()
    groups: frozenset[UUID] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.people or self.groups)

    def __or__(self, other: "Members") -> "Members":
        return Members(self.people | other.people, self.groups | other.groups)

    def __sub__(self, other: "Members") -> "Members":
        return Members(self.people - other.people, self.groups - other.groups)

    @property
    def ids(self) -> frozenset[UUID]:
        return self.people | self.groups


class Verb(StrEnum):
    """Whether a change adds these members, removes them, or replaces all members with them."""

    ADD = "add"
    REMOVE = "remove"
    REPLACE = "replace"


class Change(NamedTuple):
    verb: Verb
    members: Members


@dataclass(frozen=True)
class Delta:
    """Who was added and who was removed, over all changes."""

    added: Members = Members()
    removed: Members = Members()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)


def find_members(
    organization: Organization, ids: Collection[UUID], *, among: QuerySet[PrintGroup] | None = None
) -> Members:
    """Return those of ``ids`` that belong to groups or to people (not removed) of the organization.

    Groups only ``among`` these, where they are given: a directory does not see all of them.
    """
    people = frozenset(
        PrintUser.objects.of(organization).live().filter(pk__in=ids).values_list("pk", flat=True)
    )
    others = frozenset(ids) - people
    if not others:
        return Members(people)
    seen = PrintGroup.objects.all() if among is None else among
    groups = seen.filter(organization=organization, removed_at__isnull=True, pk__in=others)
    return Members(people, frozenset(groups.values_list("pk", flat=True)))


@transaction.atomic
def change_members(
    group: PrintGroup, changes: Iterable[Change], *, by: Actor, bump_version: bool = True
) -> Delta:
    """Apply changes in order to the rows of ``by.source``; return the total difference.

    The ids are not checked: use `find_members`. Call with the group and the groups to be added locked (see
    `lock_groups`). Pass ``bump_version=False`` when another change of the same request has increased the
    version. Raises NestingCycle and GroupGone.
    """
    delta = Delta()
    for change in changes:
        step = _apply(group, change, by.source)
        delta = Delta(
            added=(delta.added - step.removed) | (step.added - delta.removed),
            removed=(delta.removed - step.added) | (step.removed - delta.added),
        )
    if delta:
        if bump_version:
            write_group(group)
        _record(group, delta, by)
    return delta


@transaction.atomic
def change_groups(groups: Collection[PrintGroup], change: Change, *, by: Actor) -> list[Delta]:
    """Lock groups, apply one change to each and return the differences. Raises NestingCycle and GroupGone."""
    locked = lock_groups({group.pk for group in groups} | change.members.groups)
    for group in groups:
        if group.pk not in locked:
            raise group_gone(group)
    return [change_members(group, [change], by=by) for group in groups]


def _apply(group: PrintGroup, change: Change, source: str) -> Delta:
    if change.verb is Verb.ADD:
        return Delta(added=_add(group, change.members, source))
    if change.verb is Verb.REMOVE:
        return Delta(removed=_remove(group, change.members, source))
    leaving = _members(group, source) - change.members
    return Delta(added=_add(group, change.members, source), removed=_remove(group, leaving, source))


def _members(group: PrintGroup, source: str) -> Members:
    return Members(
        frozenset(group.memberships.filter(source=source).values_list("person", flat=True)),
        frozenset(group.child_nestings.filter(source=source).values_list("child", flat=True)),
    )


def _add(group: PrintGroup, members: Members, source: str) -> Members:
    people = members.people - _people_among(group, members.people, source)
    groups = members.groups - _groups_among(group, members.groups, source)
    # Sorted, so that two writers of the same people cannot deadlock.
    GroupMembership.objects.bulk_create(
        [GroupMembership(group=group, person_id=pk, source=source) for pk in sorted(people)],
        ignore_conflicts=True,
    )
    if groups:
        _check_cycle(group, groups)
        GroupNesting.objects.bulk_create(
            [GroupNesting(parent=group, child_id=pk, source=source) for pk in sorted(groups)],
            ignore_conflicts=True,
        )
    return Members(people, groups)


def _remove(group: PrintGroup, members: Members, source: str) -> Members:
    """Remove rows. An id of unknown kind may be in both ``people`` and ``groups``."""
    people = _people_among(group, members.people, source)
    groups = _groups_among(group, members.groups - people, source)
    if people:
        group.memberships.filter(source=source, person__in=people).delete()
    if groups:
        group.child_nestings.filter(source=source, child__in=groups).delete()
    return Members(people, groups)


def _people_among(group: PrintGroup, ids: frozenset[UUID], source: str) -> frozenset[UUID]:
    if not ids:
        return frozenset()
    rows = group.memberships.filter(source=source, person__in=ids)
    return frozenset(rows.values_list("person", flat=True))


def _groups_among(group: PrintGroup, ids: frozenset[UUID], source: str) -> frozenset[UUID]:
    if not ids:
        return frozenset()
    rows = group.child_nestings.filter(source=source, child__in=ids)
    return frozenset(rows.values_list("child", flat=True))


def _check_cycle(group: PrintGroup, children: frozenset[UUID]) -> None:
    """Raise NestingCycle when one of ``children`` is the group or contains it, from any source.

    Locks nesting in the organization, so that two transactions together cannot make a cycle. Rows of deleted
    groups count, because the groups may come back.
    """
    lock_alone("nesting", group.organization_id)
    above, level = {group.pk}, {group.pk}
    while level:
        if found := above & children:
            names = PrintGroup.objects.filter(pk__in=found).values_list("display_name", flat=True)
            raise NestingCycle(
                _("“%(group)s” cannot be added to “%(parent)s”: it is the same group or contains it.")
                % {"group": ", ".join(names), "parent": group.display_name}
            )
        parents = GroupNesting.objects.filter(child__in=level).values_list("parent", flat=True)
        level = set(parents) - above
        above |= level


def _record(group: PrintGroup, delta: Delta, by: Actor) -> None:
    record(
        group.organization,
        "group.members-changed",
        by=by,
        object_type="group",
        object_id=group.pk,
        label=group.display_name,
        added=len(delta.added.ids),
        removed=len(delta.removed.ids),
        ids=[str(pk) for pk in sorted(delta.added.ids | delta.removed.ids)[:MAX_RECORDED_IDS]],
    )
