"""Rows of groups as they are read: counted, in order, without those who were removed."""

import pytest

from printmgmt.deprovisioning import services as leaving
from printmgmt.organizations.models import Organization
from printmgmt.people.groups import create_group
from printmgmt.people.members import (
    child_groups,
    groups_of,
    groups_of_person,
    matching_groups,
    parent_groups,
    people_in,
    with_counts,
)
from printmgmt.people.memberships import Change, Members, Verb, change_members
from printmgmt.people.models import PrintGroup, PrintUser
from tests import factories
from tests.factories import DIRECTORY, TESTER

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def people(contoso: Organization) -> list[PrintUser]:
    return [factories.person(contoso, name) for name in ("bob", "ada", "carol")]


@pytest.fixture
def staff(contoso: Organization, people: list[PrintUser]) -> PrintGroup:
    """Ada by both, Bob and two groups by the console; Carol, who was removed."""
    made = create_group(contoso, "Staff", by=TESTER)
    nested = [create_group(contoso, name, by=TESTER) for name in ("Teachers", "sales")]
    members = Members(frozenset(who.pk for who in people), frozenset(child.pk for child in nested))
    change_members(made, [Change(Verb.ADD, members)], by=TESTER)
    change_members(made, [Change(Verb.ADD, Members(frozenset({people[1].pk})))], by=DIRECTORY)
    leaving.remove(people[2], by=TESTER)
    return made


def test_each_member_is_counted_once_and_a_removed_one_not_at_all(staff: PrintGroup) -> None:
    counted = {
        group.display_name: (group.people_count, group.group_count)  # type: ignore[attr-defined]
        for group in with_counts(groups_of(staff.organization))
    }

    assert counted == {"Staff": (2, 2), "Teachers": (0, 0), "sales": (0, 0)}


def test_rows_come_by_name_each_with_its_source(staff: PrintGroup) -> None:
    assert [(row.person.user_name, row.source) for row in people_in(staff)] == [
        ("ada", DIRECTORY.source),
        ("ada", TESTER.source),
        ("bob", TESTER.source),
    ]
    assert [row.child.display_name for row in child_groups(staff)] == ["sales", "Teachers"]


def test_the_other_way_round(staff: PrintGroup, people: list[PrintUser]) -> None:
    sales = PrintGroup.objects.get(display_name="sales")

    assert [row.parent for row in parent_groups(sales)] == [staff]
    assert [row.group for row in groups_of_person(people[0])] == [staff]


def test_a_search_takes_its_text_as_it_is(contoso: Organization) -> None:
    for name in ("100% cotton", "1000 cotton", "STRASSE"):
        create_group(contoso, name, by=TESTER)

    def found(text: str) -> list[str]:
        return [group.display_name for group in matching_groups(groups_of(contoso), text)]

    assert found("100%") == ["100% cotton"]
    assert found("straße") == ["STRASSE"]
