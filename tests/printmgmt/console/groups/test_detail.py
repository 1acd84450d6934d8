"""One group: its members with their source, where it is itself, and what happened to it."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from printmgmt.deprovisioning import services as leaving
from printmgmt.organizations.models import Organization
from printmgmt.organizations.roles import Role
from printmgmt.people.groups import rename_group
from printmgmt.people.models import GroupMembership, GroupNesting, PrintGroup
from tests import factories, many
from tests.printmgmt.console.conftest import Page
from tests.printmgmt.console.groups.pages import DIRECTORY, group, put, url_of
from tests.printmgmt.console.people.pages import HOSTILE
from tests.printmgmt.console.shell.test_export import table

pytestmark = pytest.mark.django_db


def members(client: Client, which: PrintGroup, **query: str) -> list[str]:
    """The members shown, in their order."""
    rows = client.get(url_of(which), query).context["rows"]
    return [str(row.person if isinstance(row, GroupMembership) else row.child) for row in rows]


def test_a_group_shows_its_groups_and_then_its_people(client: Client, contoso: Organization) -> None:
    people = [factories.person(contoso, name) for name in ("bob", "ada")]
    staff = group(contoso, "Staff", *people, group(contoso, "Zeta"), group(contoso, "Eta"))

    assert members(client, staff) == ["Eta", "Zeta", "ada", "bob"]


def test_members_are_searched_and_filtered(client: Client, contoso: Organization) -> None:
    ada, bob = factories.person(contoso, "ada"), factories.person(contoso, "bob")
    staff = group(contoso, "Staff", ada, group(contoso, "Adapters"), group(contoso, "Sales"))
    put(staff, bob, by=DIRECTORY)
    factories.installed(contoso)

    assert members(client, staff, q="ADA") == ["Adapters", "ada"]
    assert members(client, staff, kind="groups") == ["Adapters", "Sales"]
    assert members(client, staff, kind="people") == ["ada", "bob"]
    assert members(client, staff, kind="people", source="console") == ["ada"]
    assert members(client, staff, source=factories.ADDON) == ["bob"]
    assert members(client, staff, q="nul\0body") == []


def test_pages_run_from_the_groups_into_the_people(client: Client, contoso: Organization) -> None:
    staff = group(contoso, "Staff", *(group(contoso, f"Group {number:02}") for number in range(30)))
    rows = [GroupMembership(group=staff, person=person) for person in many.people(contoso, range(75))]
    GroupMembership.objects.bulk_create(rows)

    pages = [client.get(url_of(staff), {"page": number}).context["rows"] for number in (1, 2, 3, 4)]

    assert [len(page) for page in pages] == [50, 50, 5, 5]
    shown = [(type(row), row.pk) for page in pages[:3] for row in page]
    assert len(set(shown)) == 105
    assert [kind for kind, _pk in shown] == [GroupNesting] * 30 + [GroupMembership] * 75
    assert pages[3] == pages[2]


def test_what_a_directory_says_is_locked_and_what_the_console_says_can_be_removed(
    client: Client, contoso: Organization
) -> None:
    factories.installed(contoso)
    ada, bob = factories.person(contoso, "ada"), factories.person(contoso, "bob")
    staff = group(contoso, "Staff", ada, by=DIRECTORY)
    put(staff, bob)

    html = client.get(url_of(staff)).content.decode()

    assert 'aria-label="Remove bob from Staff"' in html
    assert "Remove ada" not in html
    assert html.count('aria-label="managed by its source"') == 2  # the group, and ada in it


def test_a_directorys_group_is_neither_renamed_nor_deleted_here(
    client: Client, contoso: Organization
) -> None:
    staff = group(contoso, "Staff", by=DIRECTORY)

    html = client.get(url_of(staff)).content.decode()

    assert "This group is managed by the directory. Rename or delete it there" in html
    assert url_of(staff, "group_rename") not in html
    assert url_of(staff, "group_delete") not in html
    assert url_of(staff, "group_members") in html


def test_deleting_is_asked_with_the_number_of_those_who_lose_it(
    client: Client, contoso: Organization
) -> None:
    ada, bob = factories.person(contoso), factories.person(contoso)
    staff = group(contoso, "Staff", ada, bob, group(contoso, "Sales"))

    html = client.get(url_of(staff)).content.decode()

    assert "2 people will be removed from it. 1 group will be removed from it." in html
    assert "You can undo this until the restore period ends." in html


def test_an_auditor_sees_no_button(contoso: Organization) -> None:
    staff = group(contoso, "Staff", factories.person(contoso))

    html = factories.signed_in(contoso, Role.AUDITOR).get(url_of(staff)).content.decode()

    assert "Remove" not in html
    for view in ("group_members", "group_rename", "group_delete"):
        assert f'"{url_of(staff, view)}"' not in html


def test_removed_people_are_hidden_and_suspended_ones_marked(client: Client, contoso: Organization) -> None:
    ada, bob = factories.person(contoso, "ada"), factories.person(contoso, "bob")
    staff = group(contoso, "Staff", ada, bob)
    leaving.remove(ada, by=factories.TESTER)
    leaving.suspend(bob, by=factories.TESTER)

    assert members(client, staff) == ["bob"]
    assert "Suspended" in client.get(url_of(staff)).content.decode()


def test_the_groups_around_it_are_named(client: Client, contoso: Organization) -> None:
    sales = group(contoso, "Sales")
    above = [group(contoso, f"Above {number:02}", sales) for number in range(12)]

    html = client.get(url_of(sales)).content.decode()

    assert url_of(above[0]) in html
    assert url_of(above[11]) not in html
    assert "There are more." in html


def test_the_timeline_tells_who_came_and_went_and_who_did_it(client: Client, contoso: Organization) -> None:
    staff = group(contoso, "Staff", *(factories.person(contoso, f"p{number}") for number in range(5)))
    put(staff, factories.person(contoso, "synced"), by=DIRECTORY)
    rename_group(staff, "Teachers", by=factories.TESTER)

    html = " ".join(client.get(url_of(staff)).content.decode().split())

    assert "5 added." in html
    assert "and 2 more" in html
    assert "SCIM token pm_1a2b" in html
    assert (
        '<del><bdi class="breakable">Staff</bdi></del> → <ins><bdi class="breakable">Teachers</bdi>' in html
    )


def test_what_happened_long_ago_is_on_further_pages(client: Client, contoso: Organization) -> None:
    staff = group(contoso, "Group 0")
    for number in range(1, 70):
        rename_group(staff, f"Group {number}", by=factories.TESTER)

    first = client.get(url_of(staff)).content.decode()
    assert "Group created" not in first
    earlier = first.partition(f'href="{url_of(staff, "group_timeline")}')[2].partition('"')[0]
    second = client.get(url_of(staff, "group_timeline") + earlier).content.decode()
    assert "Group 58" in second
    third = second.partition(f'href="{url_of(staff, "group_timeline")}')[2].partition('"')[0]
    assert "Group created" in client.get(url_of(staff, "group_timeline") + third).content.decode()


def test_members_are_exported_with_their_source(client: Client, contoso: Organization) -> None:
    ada = factories.person(contoso, "ada", display_name="=1+3", work_email="ada@contoso.example")
    staff = group(contoso, "Staff", group(contoso, "Sales"), ada, by=DIRECTORY)
    put(staff, ada)
    factories.installed(contoso)

    rows = table(client.get(url_of(staff), {"export": "csv"}))

    assert rows[0][:6] == ["Member", "Kind", "User name", "Work email", "State", "Source"]
    assert [row[:6] for row in rows[1:]] == [
        ["Sales", "Group", "", "", "", "Entra"],
        ["'=1+3", "Person", "ada", "ada@contoso.example", "Active", "Entra"],
        ["'=1+3", "Person", "ada", "ada@contoso.example", "Active", "console"],
    ]
    only = table(client.get(url_of(staff), {"export": "csv", "kind": "groups"}))
    assert [row[0] for row in only[1:]] == ["Sales"]


def test_an_empty_group_offers_to_add_members(client: Client, contoso: Organization) -> None:
    staff = group(contoso)

    html = client.get(url_of(staff)).content.decode()
    assert "No members yet" in html
    assert html.count(url_of(staff, "group_members")) == 2
    put(staff, factories.person(contoso))
    assert "No matches" in client.get(url_of(staff), {"q": "nobody"}).content.decode()


def test_hostile_names_stay_text(client: Client, page: Page, contoso: Organization) -> None:
    person = factories.person(contoso, display_name=HOSTILE + " 100% %(count)d")
    staff = group(contoso, HOSTILE + " 100% %(group)s", person, group(contoso, HOSTILE + "2"))

    for url in (url_of(staff), url_of(staff, "group_members"), url_of(staff, "group_rename")):
        html = client.get(url).content.decode()
        assert "&lt;script&gt;" in html
        assert "<script>alert" not in html
    assert "<script>alert" not in page("console:groups")
    assert "<script>alert" not in page("console:person", person=person.pk)


def test_the_page_costs_the_same_whatever_is_in_the_group(client: Client, contoso: Organization) -> None:
    staff = group(contoso, "Staff", group(contoso, "Sales"))

    def more(numbers: range) -> None:
        GroupMembership.objects.bulk_create(
            GroupMembership(group=staff, person=person) for person in many.people(contoso, numbers)
        )
        around = many.groups(contoso, numbers)
        GroupNesting.objects.bulk_create(GroupNesting(parent=parent, child=staff) for parent in around)

    def queries(**query: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url_of(staff), query).getvalue()
        return len(captured)

    queries()  # the first request of a session costs more
    more(range(3))
    assert [queries(), queries(q="x"), queries(export="csv")] == [14, 13, 7]
    more(range(3, 3_000))
    assert [queries(), queries(q="x"), queries(export="csv")] == [14, 13, 7]
