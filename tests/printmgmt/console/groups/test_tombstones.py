"""A deleted group is on no page but its own, which says until when it can come back."""

from datetime import timedelta

import pytest
import time_machine
from django.template.defaultfilters import date
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from addons.belongings import give_to_console
from printmgmt.deprovisioning.merge_plan import plan_merge
from printmgmt.organizations.models import Organization
from printmgmt.organizations.roles import Role
from printmgmt.people.models import CONSOLE, PrintGroup, PrintUser
from printmgmt.people.tombstones import remove_group
from tests import factories
from tests.due import sweep_all
from tests.printmgmt.console.groups.pages import DIRECTORY, group, names_in, put, send, url_of
from tests.printmgmt.console.people.pages import address, message_text, verbs

pytestmark = pytest.mark.django_db

WEEK = timedelta(days=7)


@pytest.fixture
def contoso() -> Organization:
    return factories.organization("Contoso")


@pytest.fixture
def client(contoso: Organization) -> Client:
    return factories.signed_in(contoso)


@pytest.fixture
def ada(contoso: Organization) -> PrintUser:
    return factories.person(contoso, "ada")


@pytest.fixture
def deleted(contoso: Organization, ada: PrintUser) -> PrintGroup:
    """By the directory; the console had put people and a group into it, and it into another one."""
    made = group(contoso, "Vanished", ada, by=DIRECTORY)
    put(made, ada, group(contoso, "Inner"))
    group(contoso, "Outer", made)
    remove_group(made, until=timezone.now() + WEEK, by=DIRECTORY)
    return made


PAGES = [
    ("groups", ""),
    ("groups", "?export=csv"),
    ("groups", "?q=vanish"),
    ("Outer", ""),
    ("Outer", "?export=csv"),
    ("Outer", "?kind=groups"),
    ("Inner", ""),
    ("pick for Outer", ""),
    ("ada", ""),
    ("pick for ada", ""),
    ("people", ""),
    ("people", "?export=csv"),
]


@pytest.mark.parametrize(("page", "query"), PAGES)
def test_no_page_shows_a_deleted_group(
    client: Client, contoso: Organization, ada: PrintUser, deleted: PrintGroup, page: str, query: str
) -> None:
    here = {"organization": contoso.slug}
    named = {found.display_name: found for found in PrintGroup.objects.of(contoso)}
    url = {
        "groups": reverse("console:groups", kwargs=here),
        "people": reverse("console:people", kwargs=here),
        "Outer": url_of(named["Outer"]),
        "Inner": url_of(named["Inner"]),
        "pick for Outer": url_of(named["Outer"], "group_members"),
        "ada": address(ada, "person"),
        "pick for ada": address(ada, "person_groups"),
    }[page]

    answer = client.get(url + query)

    text = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()  # type: ignore[attr-defined]
    assert answer.status_code == 200
    assert "Vanished" not in text
    assert str(deleted.pk) not in text


def test_a_deleted_group_counts_nowhere(client: Client, ada: PrintUser, deleted: PrintGroup) -> None:
    outer = PrintGroup.objects.get(display_name="Outer")
    twin = factories.person(ada.organization, "twin")

    assert client.get(url_of(outer)).context["group"].group_count == 0
    assert plan_merge(twin, ada).memberships == 0


@pytest.mark.parametrize("view", ["group_rename", "group_members"])
def test_a_deleted_group_is_changed_nowhere(
    client: Client, ada: PrintUser, deleted: PrintGroup, view: str
) -> None:
    assert client.get(url_of(deleted, view)).status_code == 404
    assert client.post(url_of(deleted, view), {"display_name": "x", "pick": [ada.pk]}).status_code == 404
    assert client.post(url_of(deleted, "group_delete")).status_code == 404


def test_its_page_says_who_deleted_it_and_until_when_it_can_come_back(
    client: Client, deleted: PrintGroup
) -> None:
    html = client.get(url_of(deleted)).content.decode()

    assert "The directory deleted this group." in html
    assert date(deleted.kept_until, "DATE_FORMAT") in html.partition("Erased after")[2]
    assert url_of(deleted, "group_restore") in html
    assert "Group deleted" in html  # the timeline
    assert client.get(url_of(deleted, "group_timeline")).status_code == 200


def test_an_auditor_reads_the_page_and_restores_nothing(contoso: Organization, deleted: PrintGroup) -> None:
    auditor = factories.signed_in(contoso, Role.AUDITOR)

    assert url_of(deleted, "group_restore") not in auditor.get(url_of(deleted)).content.decode()
    assert auditor.post(url_of(deleted, "group_restore")).status_code == 403
    deleted.refresh_from_db()
    assert deleted.removed_at is not None


def test_restored_it_is_the_consoles_with_whom_the_console_put_there(
    client: Client, contoso: Organization, deleted: PrintGroup
) -> None:
    assert send(client, deleted, "group_restore") == "Vanished was restored."

    deleted.refresh_from_db()
    assert (deleted.source, deleted.removed_at) == (CONSOLE, None)
    assert names_in(deleted) == ["Inner", "ada"]
    assert "No changes were made." in send(client, deleted, "group_restore")
    assert verbs(contoso) == ["group.restored"]


def test_a_name_taken_in_the_meantime_gets_an_error_on_its_page(
    client: Client, contoso: Organization, deleted: PrintGroup
) -> None:
    group(contoso, "vanished")

    answer = client.post(url_of(deleted, "group_restore"))

    assert answer["Location"] == url_of(deleted)
    assert message_text(answer) == "Another group already has the name “Vanished”."


def test_a_group_past_its_time_is_reported_as_deleted(client: Client, deleted: PrintGroup) -> None:
    with time_machine.travel(timezone.now() + WEEK + timedelta(minutes=1)):
        answer = client.post(url_of(deleted, "group_restore"))

    assert message_text(answer) == "The group “Vanished” was deleted in the meantime."


def test_another_organization_knows_nothing_of_it(deleted: PrintGroup) -> None:
    stranger = factories.signed_in(factories.organization("Fabrikam"))

    assert stranger.get(url_of(deleted)).status_code == 404
    assert stranger.post(url_of(deleted, "group_restore")).status_code == 404


def test_every_worker_erases_what_is_past_its_time(deleted: PrintGroup) -> None:
    with time_machine.travel(timezone.now() + WEEK + timedelta(minutes=1)):
        sweep_all()

    assert not PrintGroup.objects.filter(pk=deleted.pk).exists()


def test_what_an_uninstalled_directory_deleted_stays_deleted_by_it(
    client: Client, contoso: Organization, deleted: PrintGroup
) -> None:
    kept = group(contoso, "Kept", by=DIRECTORY)

    give_to_console(DIRECTORY.source)

    kept.refresh_from_db()
    deleted.refresh_from_db()
    assert (kept.source, deleted.source) == (CONSOLE, DIRECTORY.source)
    assert "The directory deleted this group." in client.get(url_of(deleted)).content.decode()
