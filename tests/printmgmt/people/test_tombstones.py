"""Deleted groups are kept for a while, come back whole, and are erased."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError
from django.utils import timezone

from printmgmt.audit.models import AuditEvent
from printmgmt.organizations.models import Organization
from printmgmt.people.exceptions import GroupGone, GroupNameTaken, NestingCycle
from printmgmt.people.groups import create_group
from printmgmt.people.memberships import Change, Members, Verb, change_members
from printmgmt.people.models import CONSOLE, GroupMembership, GroupNesting, PrintGroup, PrintUser
from printmgmt.people.tombstones import CHUNK, erase_groups, last_removed, remove_group, restore_group
from tests import factories
from tests.factories import DIRECTORY, TESTER

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

WEEK = timedelta(days=7)


@pytest.fixture
def ada(contoso: Organization) -> PrintUser:
    return factories.person(contoso, "ada")


@pytest.fixture
def staff(contoso: Organization, ada: PrintUser) -> PrintGroup:
    """A directory's group; the directory and the console both put Ada into it."""
    made = create_group(contoso, "Staff", by=DIRECTORY)
    for by in (DIRECTORY, TESTER):
        change_members(made, [Change(Verb.ADD, Members(frozenset({ada.pk})))], by=by)
    return made


def remove(group: PrintGroup, *, by: factories.Actor = DIRECTORY) -> None:
    remove_group(group, until=timezone.now() + WEEK, by=by)


def nest(parent: PrintGroup, child: PrintGroup, *, by: factories.Actor = TESTER) -> None:
    change_members(parent, [Change(Verb.ADD, Members(groups=frozenset({child.pk})))], by=by)


def test_a_directory_that_deletes_takes_its_own_rows_and_nobody_elses(
    staff: PrintGroup, ada: PrintUser
) -> None:
    company = create_group(staff.organization, "Company", by=DIRECTORY)
    for by in (DIRECTORY, TESTER):
        nest(company, staff, by=by)

    remove(staff)

    assert list(GroupMembership.objects.values_list("person", "source")) == [(ada.pk, CONSOLE)]
    assert list(GroupNesting.objects.values_list("child", "source")) == [(staff.pk, CONSOLE)]
    assert staff.removed_at is not None
    assert staff.kept_until is not None
    assert staff.kept_until - staff.removed_at == pytest.approx(WEEK, abs=timedelta(seconds=5))


def test_what_the_console_deletes_comes_back_whole(contoso: Organization, ada: PrintUser) -> None:
    chess = create_group(contoso, "Chess", by=TESTER)
    change_members(chess, [Change(Verb.ADD, Members(frozenset({ada.pk})))], by=TESTER)
    version = chess.version

    remove(chess, by=TESTER)
    restore_group(chess, by=TESTER)

    assert (chess.removed_at, chess.kept_until, chess.version) == (None, None, version + 2)
    assert list(chess.memberships.values_list("person", flat=True)) == [ada.pk]
    verbs = AuditEvent.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs)[-2:] == ["group.deleted", "group.restored"]


def test_deleting_twice_deletes_once(staff: PrintGroup) -> None:
    remove(staff)
    until = staff.kept_until
    remove_group(staff, until=timezone.now() + 2 * WEEK, by=DIRECTORY)

    staff.refresh_from_db()
    assert staff.kept_until == until
    assert AuditEvent.objects.filter(verb="group.deleted").count() == 1


def test_the_name_is_free_and_a_second_one_of_it_keeps_the_first_away(staff: PrintGroup) -> None:
    remove(staff)
    create_group(staff.organization, "STAFF", by=TESTER)

    with pytest.raises(GroupNameTaken, match="Staff"):
        restore_group(staff, by=TESTER)

    staff.refresh_from_db()
    assert staff.removed_at is not None


@pytest.mark.parametrize("later", [timedelta(), WEEK])
def test_who_is_here_or_past_its_time_cannot_come_back(staff: PrintGroup, later: timedelta) -> None:
    if later:
        remove(staff)

    with time_machine.travel(timezone.now() + later + timedelta(minutes=1)), pytest.raises(GroupGone):
        restore_group(staff, by=TESTER)


def test_of_several_the_last_one_a_directory_deleted_comes_back(
    contoso: Organization, staff: PrintGroup
) -> None:
    remove(staff)
    second, by_hand, over = (create_group(contoso, f"Staff {number}", by=DIRECTORY) for number in range(3))
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        remove(second)
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        remove(by_hand, by=TESTER)
        remove_group(over, until=timezone.now() - timedelta(hours=2), by=DIRECTORY)
    here = create_group(contoso, "Staff", by=DIRECTORY)

    assert last_removed([here, staff, second, by_hand, over]) == second
    assert last_removed([here, by_hand, over]) is None
    assert last_removed([]) is None


def test_a_group_that_would_be_in_itself_once_another_is_back_is_refused(contoso: Organization) -> None:
    top, middle, bottom = (create_group(contoso, name, by=TESTER) for name in ("Top", "Middle", "Bottom"))
    nest(top, middle)
    nest(middle, bottom)
    remove(middle, by=TESTER)

    with pytest.raises(NestingCycle):
        nest(bottom, top)

    restore_group(middle, by=TESTER)


def test_a_deleted_group_takes_nobody_in_or_out(staff: PrintGroup, ada: PrintUser) -> None:
    stale = PrintGroup.objects.get(pk=staff.pk)
    remove(staff)

    for verb in (Verb.ADD, Verb.REMOVE):
        bob = factories.person(staff.organization)
        chosen = Members(frozenset({bob.pk if verb == Verb.ADD else ada.pk}))
        with pytest.raises(GroupGone):
            change_members(stale, [Change(verb, chosen)], by=TESTER)

    assert list(staff.memberships.values_list("person", flat=True)) == [ada.pk]


def test_the_groups_around_have_a_new_version_where_a_directory_sees_it(
    contoso: Organization, staff: PrintGroup
) -> None:
    seen, unseen = (create_group(contoso, name, by=DIRECTORY) for name in ("Seen", "Unseen"))
    nest(seen, staff, by=DIRECTORY)
    nest(unseen, staff, by=TESTER)
    versions = {group.pk: group.version for group in (seen, unseen)}

    remove(staff)

    risen = {
        group.pk: group.version - versions[group.pk] for group in PrintGroup.objects.filter(pk__in=versions)
    }
    assert risen == {seen.pk: 1, unseen.pk: 0}


def test_past_its_time_a_group_is_erased_with_all_its_rows(staff: PrintGroup, ada: PrintUser) -> None:
    others = [create_group(staff.organization, f"Group {number}", by=TESTER) for number in range(CHUNK + 2)]
    kept = others.pop()
    for group in others:
        remove(group, by=TESTER)
    remove(staff)
    nest(kept, create_group(staff.organization, "Present", by=TESTER))

    assert erase_groups() == 0
    with time_machine.travel(timezone.now() + WEEK + timedelta(minutes=1)):
        remove(kept, by=TESTER)
        assert erase_groups() == CHUNK + 2
        assert erase_groups() == 0

    assert set(PrintGroup.objects.values_list("display_name", flat=True)) == {kept.display_name, "Present"}
    assert not GroupMembership.objects.exists()
    assert PrintUser.objects.filter(pk=ada.pk).exists()
    assert AuditEvent.objects.filter(verb="group.erased").count() == CHUNK + 2


def test_a_deleted_group_says_until_when_it_is_kept(staff: PrintGroup) -> None:
    with pytest.raises(IntegrityError, match="group_removed_is_kept_until"):
        PrintGroup.objects.filter(pk=staff.pk).update(removed_at=timezone.now())
