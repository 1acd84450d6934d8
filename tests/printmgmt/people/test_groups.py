"""Groups made and changed by hand or by a directory, and who is in them."""

from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from printmgmt.audit.actors import Actor
from printmgmt.audit.models import AuditEvent
from printmgmt.organizations.models import Organization
from printmgmt.people.exceptions import GroupGone, GroupKept, GroupNameTaken, InvalidName, NestingCycle
from printmgmt.people.groups import create_group, lock_own_group, rename_group
from printmgmt.people.memberships import (
    Change,
    Delta,
    Members,
    Verb,
    change_members,
    find_members,
)
from printmgmt.people.models import CONSOLE, GroupMembership, GroupNesting, PrintGroup, PrintUser
from printmgmt.people.tombstones import remove_group
from tests import factories
from tests.factories import DIRECTORY, TESTER

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def staff(contoso: Organization) -> PrintGroup:
    return create_group(contoso, "Staff", by=TESTER)


@pytest.fixture
def ada(contoso: Organization) -> PrintUser:
    return factories.person(contoso, "ada")


@pytest.fixture
def bob(contoso: Organization) -> PrintUser:
    return factories.person(contoso, "bob")


def people(*who: PrintUser) -> Members:
    return Members(people=frozenset(person.pk for person in who))


def groups(*which: PrintGroup) -> Members:
    return Members(groups=frozenset(group.pk for group in which))


def add(group: PrintGroup, members: Members, *, by: Actor = TESTER) -> Delta:
    return change_members(group, [Change(Verb.ADD, members)], by=by)


def in_group(group: PrintGroup, source: str | None = None) -> set[UUID]:
    rows = GroupMembership.objects.filter(group=group, **({"source": source} if source else {}))
    return set(rows.values_list("person", flat=True))


def test_a_name_is_unique_in_its_organization_whatever_its_case(staff: PrintGroup) -> None:
    with pytest.raises(GroupNameTaken, match="STAFF"):
        create_group(staff.organization, "STAFF", by=TESTER)

    assert create_group(factories.organization("Fabrikam"), "Staff", by=TESTER).pk != staff.pk


def test_a_name_is_unique_among_those_of_one_source(staff: PrintGroup) -> None:
    directory = create_group(staff.organization, "staff", by=factories.DIRECTORY)

    with pytest.raises(GroupNameTaken):
        create_group(staff.organization, "Staff", by=factories.DIRECTORY)

    assert (staff.source, directory.source) == (CONSOLE, factories.DIRECTORY.source)


@pytest.mark.parametrize("name", ["", "  ", "x" * 513, "\0", "ﷺ" * 120])
def test_a_name_nobody_could_keep_is_refused(contoso: Organization, name: str) -> None:
    with pytest.raises(InvalidName):
        create_group(contoso, name, by=TESTER)

    assert not PrintGroup.objects.exists()


def test_a_new_name_raises_the_version_and_is_audited(staff: PrintGroup) -> None:
    assert rename_group(staff, "Teachers", by=TESTER)
    assert not rename_group(staff, "Teachers", by=TESTER)

    staff.refresh_from_db()
    assert (staff.display_name, staff.display_name_key, staff.version) == ("Teachers", "teachers", 2)
    event = AuditEvent.objects.get(verb="group.renamed")
    assert event.details is not None
    assert event.details["changes"] == {"display_name": ["Staff", "Teachers"]}


def test_a_rename_raises_the_version_others_have_raised_meanwhile(staff: PrintGroup, ada: PrintUser) -> None:
    stale = PrintGroup.objects.get(pk=staff.pk)
    add(staff, people(ada))

    rename_group(stale, "Teachers", by=TESTER)

    staff.refresh_from_db()
    assert (stale.version, staff.version) == (3, 3)


def test_a_rename_of_a_deleted_group_is_refused(staff: PrintGroup) -> None:
    stale = PrintGroup.objects.get(pk=staff.pk)
    remove_group(staff, until=timezone.now(), by=TESTER)

    with pytest.raises(GroupGone):
        rename_group(stale, "Teachers", by=TESTER)


def test_a_taken_name_changes_nothing(staff: PrintGroup) -> None:
    create_group(staff.organization, "Teachers", by=TESTER)

    with pytest.raises(GroupNameTaken):
        rename_group(staff, "teachers", by=TESTER)

    staff.refresh_from_db()
    assert (staff.display_name, staff.version) == ("Staff", 1)


def test_the_console_changes_its_own_groups_only(staff: PrintGroup) -> None:
    synced = create_group(staff.organization, "Synced", by=DIRECTORY)
    stale = PrintGroup.objects.get(pk=staff.pk)
    rename_group(staff, "Teachers", by=TESTER)

    with transaction.atomic():
        lock_own_group(stale)
        assert stale.display_name == "Teachers"
        with pytest.raises(GroupKept, match="Synced"):
            lock_own_group(synced)
        remove_group(staff, until=timezone.now(), by=TESTER)
        with pytest.raises(GroupGone, match="Teachers"):
            lock_own_group(stale)


def test_adding_twice_adds_once(staff: PrintGroup, ada: PrintUser, bob: PrintUser) -> None:
    assert add(staff, people(ada)) == Delta(added=people(ada))
    assert add(staff, people(ada, bob)) == Delta(added=people(bob))
    assert not add(staff, people(ada, bob))

    assert in_group(staff) == {ada.pk, bob.pk}
    assert staff.version == 3


def test_removing_who_is_not_there_is_no_change(staff: PrintGroup, ada: PrintUser, bob: PrintUser) -> None:
    add(staff, people(ada))

    removed = change_members(staff, [Change(Verb.REMOVE, people(ada, bob))], by=TESTER)

    assert removed == Delta(removed=people(ada))
    assert not change_members(staff, [Change(Verb.REMOVE, people(bob))], by=TESTER)
    assert (in_group(staff), staff.version) == (set(), 3)


def test_replacing_leaves_just_these(staff: PrintGroup, ada: PrintUser, bob: PrintUser) -> None:
    sales = create_group(staff.organization, "Sales", by=TESTER)
    add(staff, people(ada) | groups(sales))

    delta = change_members(staff, [Change(Verb.REPLACE, people(bob))], by=TESTER)

    assert delta == Delta(added=people(bob), removed=people(ada) | groups(sales))
    assert in_group(staff) == {bob.pk}
    assert not GroupNesting.objects.exists()


def test_in_and_out_again_is_no_change(staff: PrintGroup, ada: PrintUser) -> None:
    there_and_back = [Change(Verb.ADD, people(ada)), Change(Verb.REMOVE, people(ada))]

    assert not change_members(staff, there_and_back, by=TESTER)
    assert (in_group(staff), staff.version) == (set(), 1)


def test_what_the_console_put_in_a_directory_neither_removes_nor_replaces(
    staff: PrintGroup, ada: PrintUser, bob: PrintUser
) -> None:
    add(staff, people(ada))

    change_members(staff, [Change(Verb.REMOVE, people(ada))], by=DIRECTORY)
    change_members(staff, [Change(Verb.REPLACE, people(bob))], by=DIRECTORY)
    change_members(staff, [Change(Verb.REPLACE, Members())], by=DIRECTORY)

    assert in_group(staff, CONSOLE) == {ada.pk}
    assert in_group(staff, DIRECTORY.source) == set()


def test_a_group_is_never_in_itself(contoso: Organization) -> None:
    one, two, three = (create_group(contoso, name, by=TESTER) for name in ("One", "Two", "Three"))
    add(one, groups(two))
    add(two, groups(three), by=DIRECTORY)

    for child in (one, two, three):
        with pytest.raises(NestingCycle, match=child.display_name):
            add(three, groups(child))

    assert GroupNesting.objects.count() == 2
    add(one, groups(three))  # by two ways is no cycle


def test_members_are_people_and_groups_of_the_organization_and_nobody_removed(
    staff: PrintGroup, ada: PrintUser, bob: PrintUser
) -> None:
    charlie = factories.person(factories.organization("Fabrikam"), "charlie")
    factories.leaving.remove(bob, by=TESTER)

    found = find_members(staff.organization, [ada.pk, bob.pk, charlie.pk, staff.pk, uuid4()])

    assert found == Members(frozenset({ada.pk}), frozenset({staff.pk}))


def test_a_group_deleted_meanwhile_takes_nobody(staff: PrintGroup, ada: PrintUser) -> None:
    stale = PrintGroup.objects.get(pk=staff.pk)
    remove_group(staff, until=timezone.now(), by=TESTER)

    with pytest.raises(GroupGone, match="Staff"):
        add(stale, people(ada))

    assert not GroupMembership.objects.exists()


def test_the_audit_says_how_many_came_and_went(staff: PrintGroup, ada: PrintUser, bob: PrintUser) -> None:
    add(staff, people(ada))
    change_members(staff, [Change(Verb.REPLACE, people(bob))], by=TESTER)

    event = AuditEvent.objects.filter(verb="group.members-changed").latest("pk")
    assert event.details is not None
    assert (event.details["added"], event.details["removed"]) == (1, 1)
    assert set(event.details["ids"]) == {str(ada.pk), str(bob.pk)}
