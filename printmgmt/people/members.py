"""Who is in a group and which groups somebody is in, as rows to read. What changes them: `memberships`.

A row says its source, so a person whom both a directory and the console put into a group has two. People
who were removed keep their rows, for the day they come back, and are left out here.
"""

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from printmgmt.organizations.models import Organization
from printmgmt.people.models import LIVE_STATES, GroupMembership, GroupNesting, PrintGroup, PrintUser
from printmgmt.people.names import name_key


def groups_of(organization: Organization) -> QuerySet[PrintGroup]:
    """The groups of one organization, by name; not those that are deleted."""
    return PrintGroup.objects.of(organization).present().order_by("display_name_key")


def matching_groups(groups: QuerySet[PrintGroup], text: str) -> QuerySet[PrintGroup]:
    """Those whose name contains ``text``, whatever its letter case."""
    return groups.filter(display_name_key__contains=name_key(text))


def with_counts(groups: QuerySet[PrintGroup]) -> QuerySet[PrintGroup]:
    """Give each group ``people_count`` and ``group_count``: who is in it directly, each counted once.

    Counted for every row the database passes on its way: ask for the groups of one page, not for a page of
    groups.
    """
    people = GroupMembership.objects.filter(group=OuterRef("pk"), person__state__in=LIVE_STATES)
    nested = GroupNesting.objects.present().filter(parent=OuterRef("pk"))
    return groups.annotate(
        people_count=_number(people, "group", "person"), group_count=_number(nested, "parent", "child")
    )


def people_in(group: PrintGroup) -> QuerySet[GroupMembership]:
    """The people of a group, by name."""
    rows = GroupMembership.objects.filter(group=group, person__state__in=LIVE_STATES)
    return rows.select_related("person").order_by(
        "person__display_name_key", "person__user_name_key", "person_id", "source"
    )


def groups_in(group: PrintGroup) -> QuerySet[GroupNesting]:
    """The groups in a group, by name."""
    rows = GroupNesting.objects.present().filter(parent=group)
    return rows.select_related("child").order_by("child__display_name_key", "source")


def groups_around(group: PrintGroup) -> QuerySet[GroupNesting]:
    """The groups a group is in, by name."""
    rows = GroupNesting.objects.present().filter(child=group)
    return rows.select_related("parent").order_by("parent__display_name_key", "source")


def groups_with(person: PrintUser) -> QuerySet[GroupMembership]:
    """The groups a person is in, by name."""
    rows = GroupMembership.objects.present().filter(person=person)
    return rows.select_related("group").order_by("group__display_name_key", "source")


def _number(rows: "QuerySet[GroupMembership] | QuerySet[GroupNesting]", of: str, what: str) -> Coalesce:
    counted = rows.order_by().values(of).annotate(number=Count(what, distinct=True)).values("number")
    return Coalesce(Subquery(counted), 0)
