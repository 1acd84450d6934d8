"""Allowed here against the directory, and blocked: on the person, in the list, on the dashboard."""

import csv
import io
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from addons.models import Installation
from printmgmt.audit.actors import Actor
from printmgmt.audit.models import ActorKind, AuditEvent
from printmgmt.audit.services import erase_details
from printmgmt.deprovisioning import services as leaving
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PersonState, PrintUser
from tests import factories
from tests.printmgmt.console.conftest import Page
from tests.printmgmt.console.people.pages import address, post, verbs

pytestmark = pytest.mark.django_db

WORDS = "Disabled in the directory, allowed here"


@pytest.fixture
def installation(contoso: Organization) -> Installation:
    return factories.installed(contoso)


@pytest.fixture
def entra(installation: Installation) -> Actor:
    return Actor(kind=ActorKind.TOKEN, label="SCIM", source=installation.source)


@pytest.fixture
def grace(contoso: Organization, entra: Actor) -> PrintUser:
    """Disabled by the directory; beside her someone of whom the same could be said by mistake."""
    disabled = factories.person(contoso, "grace@contoso.example", by=entra)
    leaving.suspend(disabled, by=entra)
    factories.person(contoso, "ada@contoso.example", by=entra)
    theirs = factories.person(factories.organization("Fabrikam"), "eve@fabrikam.example", by=entra)
    leaving.suspend(theirs, by=entra)
    leaving.restore(theirs, by=factories.TESTER)
    return disabled


def names(client: Client, contoso: Organization, state: str) -> list[str]:
    """The user names that the list's file has for this filter."""
    url = reverse("console:people", kwargs={"organization": contoso.slug})
    answer = client.get(url, {"state": state, "export": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return [row["User name"] for row in csv.DictReader(io.StringIO(text))]


def test_a_restore_against_the_directory_says_so_before_and_after(
    client: Client, page: Page, grace: PrintUser
) -> None:
    assert "The directory still has this person disabled." in page("console:person", person=grace.pk)

    message = post(client, grace, "person_restore")

    assert (grace.state, grace.active) == (PersonState.ACTIVE, False)
    assert "although disabled in the directory" in message
    assert f'action="{address(grace, "person_disallow")}"' in message
    assert verbs(grace.organization) == ["person.allowed"]


def test_the_person_carries_the_mark_with_who_and_a_way_to_undo_it(
    client: Client, page: Page, contoso: Organization, grace: PrintUser
) -> None:
    post(client, grace, "person_restore")
    who = contoso.administrators.latest("pk").account.email

    html = unescape(page("console:person", person=grace.pk))

    assert f'{WORDS} by <bdi class="breakable">{who}</bdi>' in html
    assert f"</span>{WORDS}</span>" in html
    assert address(grace, "person_disallow") in html
    assert address(grace, "person_restore") not in html
    assert "Restored, disabled in the directory" in html


def test_undo_ends_the_permission(client: Client, grace: PrintUser) -> None:
    post(client, grace, "person_restore")

    message = post(client, grace, "person_disallow")

    assert (grace.state, grace.active, grace.allowed_at) == (PersonState.SUSPENDED, False, None)
    assert "is suspended, as in the directory" in message


def test_a_block_of_somebody_allowed_offers_no_undo_that_would_give_less(
    client: Client, grace: PrintUser
) -> None:
    leaving.restore(grace, by=factories.TESTER)

    assert "Undo" not in post(client, grace, "person_block")
    assert (grace.state, grace.allowed_at) == (PersonState.SUSPENDED, None)


def test_a_removed_person_allowed_again_has_no_undo_that_would_only_suspend(
    client: Client, contoso: Organization, entra: Actor
) -> None:
    person = factories.person(contoso, "gone@contoso.example", by=entra)
    leaving.remove(person, by=entra)

    message = post(client, person, "person_restore")

    assert "although disabled in the directory" in message
    assert "Undo" not in message


def test_the_list_finds_those_who_are_allowed_and_those_who_are_blocked(
    client: Client, contoso: Organization, grace: PrintUser
) -> None:
    leaving.restore(grace, by=factories.TESTER)
    for name in ("blocked@contoso.example", "suspended@contoso.example", "removed@contoso.example"):
        person = factories.person(contoso, name)
        leaving.block(person, by=factories.TESTER)
        if not name.startswith("blocked"):
            leaving.suspend(person, by=factories.TESTER)
            leaving.unblock(person, by=factories.TESTER)
        if name.startswith("removed"):
            leaving.block(person, by=factories.TESTER)
            leaving.remove(person, by=factories.TESTER)

    assert names(client, contoso, "allowed") == ["grace@contoso.example"]
    assert names(client, contoso, "blocked") == ["blocked@contoso.example"]
    assert names(client, contoso, "suspended") == ["suspended@contoso.example"]
    assert names(client, contoso, "removed") == ["removed@contoso.example"]
    assert set(names(client, contoso, "active")) == {"ada@contoso.example", "grace@contoso.example"}
    assert len(names(client, contoso, "")) == 4


@pytest.mark.parametrize(("act", "words"), [(leaving.block, "Blocked"), (leaving.restore, WORDS)])
def test_files_say_the_same_words_as_the_badges(
    client: Client, page: Page, contoso: Organization, grace: PrintUser, act: object, words: str
) -> None:
    act(grace, by=factories.TESTER)  # type: ignore[operator]
    url = reverse("console:people", kwargs={"organization": contoso.slug})

    answer = client.get(url, {"export": "csv", "q": "grace"})

    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert [row["State"] for row in csv.DictReader(io.StringIO(text))] == [words]
    assert f"</span>{words}</span>" in page("console:people", {"q": "grace"})


def test_the_dashboard_counts_whom_the_console_allows_and_leads_to_them(
    page: Page, contoso: Organization, grace: PrintUser
) -> None:
    assert "allowed here" not in page("console:dashboard")

    leaving.restore(grace, by=factories.TESTER)

    html = page("console:dashboard")
    assert "1 person is disabled in the directory but allowed here" in html
    assert f'href="/o/{contoso.slug}/people/?state=allowed"' in html


def test_the_dashboard_counts_blocked_people_apart(
    page: Page, contoso: Organization, grace: PrintUser
) -> None:
    leaving.block(factories.person(contoso), by=factories.TESTER)

    html = page("console:dashboard")

    assert 'Suspended people</span> <span class="figure-number tabular">1<' in html
    assert 'Blocked people</span> <span class="figure-number tabular">1<' in html


def test_the_banner_of_a_block_says_who_and_when(client: Client, page: Page, contoso: Organization) -> None:
    person = factories.person(contoso)
    post(client, person, "person_block")
    who = contoso.administrators.latest("pk").account.email

    html = unescape(page("console:person", person=person.pk))

    assert f'Blocked by <bdi class="breakable">{who}</bdi>' in html
    assert person.blocked_at is not None
    assert f'datetime="{person.blocked_at.isoformat()[:19]}' in html
    assert "</span>Blocked</span>" in html


def test_a_block_whose_audit_was_erased_still_has_a_banner(page: Page, contoso: Organization) -> None:
    person = factories.person(contoso)
    leaving.block(person, by=factories.TESTER)
    erase_details(AuditEvent.objects.filter(organization=contoso))

    assert "Blocked in this console. Cards, PIN and devices do not work." in page(
        "console:person", person=person.pk
    )


def test_a_block_says_that_the_directory_has_them_disabled_too(page: Page, grace: PrintUser) -> None:
    leaving.block(grace, by=factories.TESTER)

    assert "The person is also disabled in the directory." in page("console:person", person=grace.pk)


def test_a_permission_of_another_organization_is_out_of_reach(client: Client, contoso: Organization) -> None:
    theirs = factories.person(factories.organization("Fabrikam"), by=factories.DIRECTORY)
    leaving.suspend(theirs, by=factories.DIRECTORY)
    leaving.restore(theirs, by=factories.TESTER)
    url = address(theirs, "person_disallow").replace("/o/fabrikam/", f"/o/{contoso.slug}/")

    assert client.post(url).status_code == 404
    theirs.refresh_from_db()
    assert theirs.state == PersonState.ACTIVE
