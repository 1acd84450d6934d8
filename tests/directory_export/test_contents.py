"""What stands in the files: everyone, safely, in a fixed number of queries."""

import csv
import io
import json
from datetime import timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory_export.models import Kind
from directory_export.preferences import Format
from directory_export.writing import write_export
from printmgmt.deprovisioning import services as leaving
from printmgmt.organizations.models import Organization
from printmgmt.people.credentials import set_card
from printmgmt.people.models import GroupMembership, GroupNesting, PrintGroup, PrintUser
from printmgmt.people.tombstones import remove_group
from tests import factories

pytestmark = pytest.mark.django_db

HOSTILE = ["=1+3", "@SUM(A1)", "\t=1", "<script>alert(1)</script>", "\u202eevil", 'a"b\n,c;d', "x" * 300]


def exported(of: Organization, kind: Kind, form: Format) -> str:
    file = io.BytesIO()
    written = write_export(file, of, kind, form, ZoneInfo("Europe/Paris"))
    assert written.size == len(file.getvalue())
    return file.getvalue().decode()


def rows(of: Organization, kind: Kind) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(exported(of, kind, Format.CSV), newline="")))


def group(of: Organization, name: str) -> PrintGroup:
    return PrintGroup.objects.create(organization=of, display_name=name, display_name_key=name.casefold())


def fill(of: Organization, number: int) -> None:
    """``number`` people, each in a group of their own and in one of all."""
    names = [f"p{uuid4().hex}" for _ in range(number)]
    made = PrintUser.objects.bulk_create(
        PrintUser(organization=of, user_name=name, user_name_key=name) for name in names
    )
    everybody = group(of, f"all {uuid4().hex}")
    own = PrintGroup.objects.bulk_create(
        PrintGroup(organization=of, display_name=name, display_name_key=name) for name in names
    )
    GroupMembership.objects.bulk_create(
        [GroupMembership(group=everybody, person=person) for person in made]
        + [GroupMembership(group=one, person=person) for one, person in zip(own, made, strict=True)]
    )


def test_the_state_is_what_a_person_is_to_the_printers(contoso: Organization) -> None:
    """Neither the directory's word nor who said so: whom the console allows may print."""
    allowed, blocked = (factories.person(contoso, name, by=factories.DIRECTORY) for name in ("ada", "bob"))
    leaving.suspend(allowed, by=factories.DIRECTORY)
    leaving.restore(allowed, by=factories.TESTER)
    leaving.block(blocked, by=factories.TESTER)

    assert [row["state"] for row in rows(contoso, Kind.PEOPLE)] == ["active", "suspended"]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_cell_is_text_to_a_spreadsheet(contoso: Organization, name: str) -> None:
    factories.person(contoso, "ada@contoso.example", display_name=name)

    (row,) = rows(contoso, Kind.PEOPLE)

    assert row["display_name"].replace("'", "") == name.replace("'", "")
    assert not row["display_name"].lstrip().startswith(("=", "@", "+", "-"))


@pytest.mark.parametrize("name", HOSTILE)
def test_json_carries_names_as_they_are(contoso: Organization, name: str) -> None:
    person = factories.person(contoso, "ada@contoso.example", display_name=name)

    document = json.loads(exported(contoso, Kind.PEOPLE, Format.JSON))

    assert document["version"] == 1
    assert [(one["id"], one["display_name"]) for one in document["people"]] == [(str(person.pk), name)]


def test_moments_are_in_the_given_zone(contoso: Organization) -> None:
    factories.person(contoso)

    (row,) = rows(contoso, Kind.PEOPLE)

    assert row["created_at"].endswith(("+01:00", "+02:00"))


def test_suspended_people_are_in_it_and_removed_ones_are_not(contoso: Organization) -> None:
    ada, bob, eve = (factories.person(contoso, name) for name in ("ada", "bob", "eve"))
    club = group(contoso, "Club")
    GroupMembership.objects.bulk_create(GroupMembership(group=club, person=one) for one in (ada, bob, eve))
    leaving.suspend(bob, by=factories.TESTER)
    leaving.remove(eve, by=factories.TESTER)

    assert {(row["user_name"], row["state"]) for row in rows(contoso, Kind.PEOPLE)} == {
        ("ada", "active"),
        ("bob", "suspended"),
    }
    assert {row["member"] for row in rows(contoso, Kind.GROUPS)} == {"ada", "bob"}


def test_no_card_leaves_the_console(contoso: Organization) -> None:
    set_card(factories.person(contoso), "CARD-998877", by=factories.TESTER)

    text = exported(contoso, Kind.PEOPLE, Format.JSON)

    assert "8877" not in text
    assert "card" not in text.casefold()


def test_groups_name_people_and_groups_in_them_once(contoso: Organization) -> None:
    ada = factories.person(contoso, "ada")
    club, staff = group(contoso, "Club"), group(contoso, "=Staff")
    GroupMembership.objects.create(group=club, person=ada)
    GroupMembership.objects.create(group=club, person=ada, source="azure-ad-user-sync:1")
    GroupNesting.objects.create(parent=staff, child=club)

    document = json.loads(exported(contoso, Kind.GROUPS, Format.JSON))

    assert {one["name"]: one["members"] for one in document["groups"]} == {
        "Club": [{"type": "person", "id": str(ada.pk), "name": "ada"}],
        "=Staff": [{"type": "group", "id": str(club.pk), "name": "Club"}],
    }


def test_a_deleted_group_is_in_no_file(contoso: Organization) -> None:
    ada = factories.person(contoso, "ada")
    outer, gone, inner = (group(contoso, name) for name in ("Outer", "Vanished", "Inner"))
    GroupMembership.objects.create(group=gone, person=ada)
    for parent, child in ((outer, gone), (gone, inner)):
        GroupNesting.objects.create(parent=parent, child=child)
    remove_group(gone, until=timezone.now() + timedelta(days=1), by=factories.TESTER)

    for form in Format:
        assert "Vanished" not in exported(contoso, Kind.GROUPS, form)
    document = json.loads(exported(contoso, Kind.GROUPS, Format.JSON))
    assert {one["name"]: one["members"] for one in document["groups"]} == {"Outer": [], "Inner": []}


def test_a_group_without_members_has_a_line(contoso: Organization) -> None:
    group(contoso, "=Empty")

    (row,) = rows(contoso, Kind.GROUPS)

    assert (row["group"], row["member_type"], row["member"]) == ("'=Empty", "", "")


@pytest.mark.parametrize("form", Format)
@pytest.mark.parametrize("kind", Kind)
def test_nothing_of_another_organization_is_in_it(contoso: Organization, kind: Kind, form: Format) -> None:
    fabrikam = factories.organization("Fabrikam")
    fill(fabrikam, 3)
    fill(contoso, 1)

    text = exported(contoso, kind, form)

    theirs, ours = (
        [person.user_name for person in PrintUser.objects.of(of)]
        + [group.display_name for group in PrintGroup.objects.filter(organization=of)]
        for of in (fabrikam, contoso)
    )
    assert [name for name in theirs if name in text] == []
    assert [name for name in ours if name in text]


@pytest.mark.parametrize("form", Format)
@pytest.mark.parametrize(("kind", "queries"), [(Kind.PEOPLE, 1), (Kind.GROUPS, 3)])
def test_3_and_3000_rows_take_the_same_queries(
    contoso: Organization, kind: Kind, queries: int, form: Format
) -> None:
    counts = []
    for number in (3, 3000):
        fill(contoso, number)
        with CaptureQueriesContext(connection) as captured:
            exported(contoso, kind, form)
        counts.append(len(captured))

    assert counts == [queries, queries]


def test_every_member_of_3000_groups_stands_in_its_group(contoso: Organization) -> None:
    fill(contoso, 3000)

    document = json.loads(exported(contoso, Kind.GROUPS, Format.JSON))

    assert sorted(len(one["members"]) for one in document["groups"]) == [1] * 3000 + [3000]
    assert all(
        [member["name"] for member in one["members"]] == [one["name"]]
        for one in document["groups"]
        if not one["name"].startswith("all ")
    )
