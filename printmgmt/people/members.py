"""Queries for the members of a group and the groups of a person. `memberships` changes them.

Each row has a source: a person whom both a directory and the console added to a group has two rows. Removed
people keep their rows in case they come back, but these queries leave them out.
"""

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from printmgmt.organizations.models import Organization
from printmgmt.people.models import LIVE_STATES, GroupMembership, GroupNesting, PrintGroup, PrintUser
from printmgmt.people.names import name_key


def groups_of(organization: Organization) -> QuerySet[PrintGroup]:
    """Return the groups of one organization that are not deleted, ordered by name."""
    return PrintGroup.objects.of(organization).present().order_by("display_name_key", "id")


def matching_groups(groups: QuerySet[PrintGroup], text: str) -> QuerySet[PrintGroup]:
    """Return the groups whose name contains ``text``, ignoring case."""
    return groups.filter(display_name_key__contains=name_key(text))


def with_counts(groups: QuerySet[PrintGroup]) -> QuerySet[PrintGroup]:
    """Annotate each group with ``people_count`` and ``group_count``: its direct members, each counted once.

    The database counts for every row it reads, so filter for the groups of one page by id; do not slice.
    """
    people = GroupMembership.objects.filter(group=OuterRef("pk"), person__state__in=LIVE_STATES)
    nested = GroupNesting.objects.present().filter(parent=OuterRef("pk"))
    return groups.annotate(
        people_count=_number(people, "group", "person"), group_count=_number(nested, "parent", "child")
    )


def people_in(group: PrintGroup) -> QuerySet[GroupMembership]:
    """Return the people in a group, ordered by name."""
    rows = GroupMembership.objects.filter(group=group, person__state__in=LIVE_STATES)
    return rows.select_related("person").order_by(
        "person__display_name_key", "person__user_name_key", "person_id", "source"
    )


def child_groups(group: PrintGroup) -> QuerySet[GroupNesting]:
    """Return the groups in a group, ordered by name."""
    rows = GroupNesting.objects.present().filter(parent=group)
    return rows.select_related("child").order_by("child__display_name_key", "source")


def parent_groups(group: PrintGroup) -> QuerySet[GroupNesting]:
    """Return the groups that contain a group, ordered by name."""
    rows = GroupNesting.objects.present().filter(child=group)
    return rows.select_related("parent").order_by("parent__display_name_key", "source")


def groups_of_person(person: PrintUser) -> QuerySet[GroupMembership]:
    """Return the groups that contain a person, ordered by name."""
    rows = GroupMembership.objects.present().filter(person=person)
    return rows.select_related("group").order_by("group__display_name_key", "source")


def _number(rows: "QuerySet[GroupMembership] | QuerySet[GroupNesting]", of: str, what: str) -> Coalesce:
    counted = rows.order_by().values(of).annotate(number=Count(what, distinct=True)).values("number")
    return Coalesce(Subquery(counted), 0)
