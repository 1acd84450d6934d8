"""A group made, renamed and deleted; members added and removed, and each of it taken back."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from printmgmt.audit.models import ActorKind, AuditEvent
from printmgmt.organizations.models import Organization
from printmgmt.people.models import CONSOLE, PrintGroup, PrintUser
from tests import factories
from tests.printmgmt.console.groups.pages import DIRECTORY, group, names_in, put, send, url_of
from tests.printmgmt.console.people.pages import message_text, verbs

pytestmark = pytest.mark.django_db

ADD = reverse("console:group_add", kwargs={"organization": "contoso"})
LIST = reverse("console:groups", kwargs={"organization": "contoso"})


@pytest.fixture
def ada(contoso: Organization) -> PrintUser:
    return factories.person(contoso, "ada")


@pytest.fixture
def bob(contoso: Organization) -> PrintUser:
    return factories.person(contoso, "bob")


@pytest.fixture
def staff(contoso: Organization) -> PrintGroup:
    return group(contoso, "Staff")


def undo(client: Client, page: str) -> str:
    """Press Undo in the message on a page; what is said then."""
    html = client.get(page).content.decode()
    form = re.search(r'<form class="entry" method="post" action="([^"]+)">(.*?)</form>', html, re.DOTALL)
    assert form
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form[2]):
        fields.setdefault(name, []).append(value)
    answer = client.post(form[1], fields)
    assert answer.status_code == 302
    return message_text(answer)


def test_a_group_made_by_hand_belongs_to_the_console(client: Client, contoso: Organization) -> None:
    answer = client.post(ADD, {"display_name": " Staff "})

    made = PrintGroup.objects.get(organization=contoso)
    assert (made.display_name, made.source, made.origin) == ("Staff", CONSOLE, CONSOLE)
    assert answer["Location"] == url_of(made)
    assert AuditEvent.objects.get(verb="group.created").actor_kind == ActorKind.ACCOUNT


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("STAFF", "Another group already has the name"),
        ("", "This field is required"),
        ("x" * 513, "at most 512"),
    ],
)
def test_an_invalid_name_gets_an_error_at_its_field(
    client: Client, contoso: Organization, staff: PrintGroup, name: str, message: str
) -> None:
    for url in (ADD, url_of(group(contoso, "Sales"), "group_rename")):
        html = client.post(url, {"display_name": name}).content.decode()

        assert message in html
        assert 'aria-invalid="true"' in html
    assert set(PrintGroup.objects.values_list("display_name", flat=True)) == {"Staff", "Sales"}


def test_a_rename_is_confirmed_and_undone(client: Client, contoso: Organization, staff: PrintGroup) -> None:
    assert "Staff was renamed to Teachers." in send(client, staff, "group_rename", display_name="Teachers")

    staff.refresh_from_db()
    assert staff.display_name == "Teachers"
    undo(client, url_of(staff))
    staff.refresh_from_db()
    assert staff.display_name == "Staff"
    assert verbs(contoso) == ["group.renamed", "group.renamed"]


def test_the_same_name_changes_nothing(client: Client, contoso: Organization, staff: PrintGroup) -> None:
    assert send(client, staff, "group_rename", display_name="Staff") == "No changes were made."
    assert verbs(contoso) == []


def test_a_group_is_deleted_and_its_people_stay(
    client: Client, contoso: Organization, ada: PrintUser, staff: PrintGroup
) -> None:
    put(staff, ada)

    answer = client.post(url_of(staff, "group_delete"))

    assert answer["Location"] == LIST
    assert "Staff was deleted." in message_text(answer)
    assert not PrintGroup.objects.present().exists()
    assert PrintUser.objects.filter(pk=ada.pk).exists()
    assert verbs(contoso) == ["group.deleted"]
    assert undo(client, LIST) == "Staff was restored."
    assert names_in(staff) == ["ada"]
    assert verbs(contoso) == ["group.deleted", "group.restored"]


@pytest.mark.parametrize("view", ["group_rename", "group_delete"])
def test_a_directorys_group_keeps_its_name_whatever_is_posted(
    client: Client, contoso: Organization, view: str
) -> None:
    synced = group(contoso, "Synced", by=DIRECTORY)

    message = send(client, synced, view, display_name="Mine")

    assert message == "“Synced” is managed by its directory. Change it there."
    synced.refresh_from_db()
    assert synced.display_name == "Synced"
    assert client.get(url_of(synced, "group_rename"))["Location"] == url_of(synced)


def test_several_are_added_at_once_and_taken_back(
    client: Client, contoso: Organization, ada: PrintUser, bob: PrintUser, staff: PrintGroup
) -> None:
    sales = group(contoso, "Sales")
    put(staff, bob)

    message = send(client, staff, "group_members", ada, bob, sales)

    assert "Added 2 members to Staff." in message
    assert names_in(staff, CONSOLE) == ["Sales", "ada", "bob"]
    assert "Removed 2 members from Staff." in undo(client, url_of(staff))
    assert names_in(staff) == ["bob"]  # who was there before
    assert verbs(contoso) == ["group.members-changed", "group.members-changed"]


def test_a_removed_member_is_put_back_by_undo(client: Client, ada: PrintUser, staff: PrintGroup) -> None:
    put(staff, ada)

    assert "Removed ada from Staff." in send(client, staff, "group_members_remove", ada)
    assert names_in(staff) == []
    assert "Added ada to Staff." in undo(client, url_of(staff))
    assert names_in(staff) == ["ada"]


def test_removing_ends_where_the_list_was(client: Client, ada: PrintUser, staff: PrintGroup) -> None:
    put(staff, ada)
    url = url_of(staff, "group_members_remove") + "?q=a%26b&kind=people&page=7"

    answer = client.post(url, {"pick": ada.pk})

    assert answer["Location"] == url_of(staff) + "?q=a%26b&kind=people&page=7"


def test_whom_a_directory_put_in_the_console_does_not_remove(
    client: Client, contoso: Organization, ada: PrintUser, staff: PrintGroup
) -> None:
    put(staff, ada, by=DIRECTORY)

    assert "They were not added in the console. No changes were made." in send(
        client, staff, "group_members_remove", ada
    )
    assert names_in(staff) == ["ada"]
    assert verbs(contoso) == []


@pytest.mark.parametrize(
    ("view", "message"),
    [
        ("group_members", "They are already members. No changes were made."),
        ("group_members_remove", "They were not added in the console. No changes were made."),
    ],
)
def test_of_two_who_do_the_same_the_second_gets_a_message(
    client: Client, contoso: Organization, ada: PrintUser, staff: PrintGroup, view: str, message: str
) -> None:
    if view == "group_members_remove":
        put(staff, ada)
    send(client, staff, view, ada)

    assert send(factories.signed_in(contoso), staff, view, ada) == message


def test_members_of_the_console_join_a_directorys_group(
    client: Client, contoso: Organization, ada: PrintUser
) -> None:
    synced = group(contoso, "Synced", by=DIRECTORY)

    send(client, synced, "group_members", ada)

    assert names_in(synced, CONSOLE) == ["ada"]


def test_a_circle_is_refused_and_the_choice_kept(
    client: Client, contoso: Organization, ada: PrintUser, staff: PrintGroup
) -> None:
    sales = group(contoso, "Sales", group(contoso, "Teams", staff))

    answer = client.post(url_of(staff, "group_members"), {"pick": [sales.pk, ada.pk]})

    html = answer.content.decode()
    assert "“Sales” cannot be added to “Staff”: it is the same group or contains it." in html
    assert re.findall(r'value="([0-9a-f-]{36})"\s+checked', html) == [str(ada.pk), str(sales.pk)]
    assert names_in(staff) == []


def test_a_group_is_not_put_into_itself(client: Client, staff: PrintGroup) -> None:
    html = client.post(url_of(staff, "group_members"), {"pick": staff.pk}).content.decode()

    assert "“Staff” cannot be added to “Staff”" in html


@pytest.mark.parametrize(
    ("picks", "error"),
    [
        ([], "Choose at least one person or group."),
        (["evil"], "Choose at least one person or group."),
        (["00000000-0000-4000-8000-000000000000"], "None of your selection exists any more."),
    ],
)
def test_who_chooses_nobody_gets_an_error(
    client: Client, staff: PrintGroup, picks: list[str], error: str
) -> None:
    answer = client.post(url_of(staff, "group_members"), {"pick": picks})

    assert error in answer.content.decode()


def test_nobody_of_another_organization_is_added(client: Client, ada: PrintUser, staff: PrintGroup) -> None:
    fabrikam = factories.organization("Fabrikam")
    strangers = factories.person(fabrikam), group(fabrikam, "Secret")

    message = send(client, staff, "group_members", ada, *strangers)

    assert "Added ada to Staff." in message
    assert names_in(staff) == ["ada"]
