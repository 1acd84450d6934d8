"""The groups on a person's page: shown, joined, left."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from printmgmt.deprovisioning import services as leaving
from printmgmt.organizations.models import Organization
from printmgmt.organizations.roles import Role
from printmgmt.people.models import CONSOLE, GroupMembership, PrintUser
from tests import factories, many
from tests.printmgmt.console.groups.pages import DIRECTORY, group, names_in, put, url_of
from tests.printmgmt.console.groups.test_actions import undo
from tests.printmgmt.console.people.pages import address, post, verbs

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(contoso: Organization) -> PrintUser:
    return factories.person(contoso, "ada")


def shown(client: Client, person: PrintUser) -> str:
    return " ".join(client.get(address(person, "person")).content.decode().split())


def test_groups_of_a_person_are_listed_with_their_source(
    client: Client, contoso: Organization, ada: PrintUser
) -> None:
    own, synced = group(contoso, "Own", ada), group(contoso, "Synced", ada, by=DIRECTORY)

    html = shown(client, ada)

    assert url_of(own) in html
    assert url_of(synced) in html
    assert 'aria-label="Remove ada from Own"' in html
    assert "Remove ada from Synced" not in html


def test_someone_in_no_group_has_a_note(client: Client, ada: PrintUser) -> None:
    assert "Not in any group." in shown(client, ada)


def test_of_many_groups_the_rest_is_a_link_away(
    client: Client, contoso: Organization, ada: PrintUser
) -> None:
    for number in range(12):
        group(contoso, f"Group {number:02}", ada)

    html = shown(client, ada)

    assert "Group 09" in html
    assert "Group 10" not in html
    assert f"/groups/?person={ada.pk}" in html


def test_a_person_joins_several_groups_and_it_is_taken_back(
    client: Client, contoso: Organization, ada: PrintUser
) -> None:
    staff, sales, old = group(contoso, "Staff"), group(contoso, "Sales"), group(contoso, "Old", ada)

    message = post(client, ada, "person_groups", {"pick": [staff.pk, sales.pk, old.pk]})

    assert "Added ada to 2 groups." in message
    assert [names_in(which, CONSOLE) for which in (staff, sales, old)] == [["ada"]] * 3
    assert "Removed ada from 2 groups." in undo(client, address(ada, "person"))
    assert [names_in(which) for which in (staff, sales, old)] == [[], [], ["ada"]]
    assert verbs(contoso) == ["group.members-changed"] * 4


def test_a_person_leaves_a_group_and_it_is_taken_back(
    client: Client, contoso: Organization, ada: PrintUser
) -> None:
    staff = group(contoso, "Staff", ada)

    assert "Removed ada from Staff." in post(client, ada, "person_groups_remove", {"pick": staff.pk})
    assert names_in(staff) == []
    assert "Added ada to Staff." in undo(client, address(ada, "person"))
    assert names_in(staff) == ["ada"]


def test_a_group_that_the_directory_gave_is_not_left_here(
    client: Client, contoso: Organization, ada: PrintUser
) -> None:
    staff = group(contoso, "Staff", ada, by=DIRECTORY)

    assert "They were not added in the console. No changes were made." in post(
        client, ada, "person_groups_remove", {"pick": staff.pk}
    )
    assert names_in(staff) == ["ada"]


def test_choosing_no_group_or_a_strangers_is_refused(client: Client, ada: PrintUser) -> None:
    secret = group(factories.organization("Fabrikam"), "Secret")

    nothing = "Choose at least one group."
    for picks, error in (
        ([], nothing),
        (["evil"], nothing),
        ([secret.pk], "Your selection no longer exists. No changes were made. Choose again."),
    ):
        answer = client.post(address(ada, "person_groups"), {"pick": picks})
        assert error in answer.content.decode()
    assert names_in(secret) == []


def test_joining_a_group_one_is_in_changes_nothing(
    client: Client, contoso: Organization, ada: PrintUser
) -> None:
    staff = group(contoso, "Staff", ada)

    assert "is already a member" in post(client, ada, "person_groups", {"pick": staff.pk})


def test_a_removed_person_joins_nothing(client: Client, contoso: Organization, ada: PrintUser) -> None:
    staff = group(contoso, "Staff")
    leaving.remove(ada, by=factories.TESTER)

    assert "is removed. Their groups are kept" in post(client, ada, "person_groups", {"pick": staff.pk})
    assert client.get(address(ada, "person_groups")).status_code == 302
    assert "Add to groups" not in shown(client, ada)
    assert names_in(staff) == []


def test_an_auditor_sees_the_groups_and_no_button(contoso: Organization, ada: PrintUser) -> None:
    staff = group(contoso, "Staff", ada)

    html = shown(factories.signed_in(contoso, Role.AUDITOR), ada)

    assert url_of(staff) in html
    assert "Remove ada" not in html
    assert address(ada, "person_groups") not in html


def test_a_persons_page_costs_the_same_whatever_groups_they_are_in(
    client: Client, contoso: Organization, ada: PrintUser
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address(ada, "person")).status_code == 200
        return len(captured)

    def more(numbers: range) -> None:
        GroupMembership.objects.bulk_create(
            GroupMembership(group=made, person=ada) for made in many.groups(contoso, numbers)
        )

    put(group(contoso, "Staff"), ada)
    queries()
    at_1 = queries()
    more(range(3_000))

    assert queries() == at_1
