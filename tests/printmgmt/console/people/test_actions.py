"""Suspend, block, unblock, remove, restore: what they do, what they say first, and Undo."""

from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from printmgmt.audit.actors import Actor
from printmgmt.audit.models import ActorKind
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.models import DeprovisionRun, Trigger
from printmgmt.organizations.models import Organization
from printmgmt.organizations.roles import Role
from printmgmt.people.credentials import set_card
from printmgmt.people.devices import enrol_device
from printmgmt.people.identification import identify
from printmgmt.people.models import PersonState, PrintUser
from tests import factories
from tests.printmgmt.console.conftest import Page
from tests.printmgmt.console.people.pages import HOSTILE, address, post, verbs

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(contoso: Organization) -> PrintUser:
    person = factories.person(contoso, "ada@contoso.example", display_name="Ada")
    set_card(person, "CARD-4711", by=factories.TESTER)
    return person


@pytest.fixture
def synced(contoso: Organization) -> PrintUser:
    installation = factories.installed(contoso)
    entra = Actor(kind=ActorKind.TOKEN, label="SCIM", source=installation.source)
    return factories.person(contoso, "grace@contoso.example", by=entra)


def test_suspend_ends_access_and_undo_gives_it_back(
    client: Client, contoso: Organization, ada: PrintUser
) -> None:
    text = post(client, ada, "person_suspend")

    assert (ada.state, ada.active, ada.blocked_at) == (PersonState.SUSPENDED, False, None)
    assert identify(contoso, card="CARD-4711") is None
    assert f'action="{address(ada, "person_restore")}"' in text

    post(client, ada, "person_restore")

    assert ada.state == PersonState.ACTIVE
    assert identify(contoso, card="CARD-4711") == ada
    assert verbs(contoso) == ["person.suspended", "person.restored"]


def test_suspending_a_synced_person_is_a_block(client: Client, synced: PrintUser) -> None:
    text = post(client, synced, "person_suspend")

    assert synced.active
    assert synced.blocked_at is not None
    assert f'action="{address(synced, "person_unblock")}"' in text


def test_a_block_holds_when_the_directory_says_active(client: Client, synced: PrintUser) -> None:
    leaving.suspend(synced, by=factories.TESTER)
    post(client, synced, "person_block")

    leaving.reactivate(synced, by=factories.TESTER)

    assert synced.state == PersonState.SUSPENDED


def test_unblocking_someone_the_directory_suspended_gives_no_access(
    client: Client, synced: PrintUser
) -> None:
    leaving.suspend(synced, by=factories.TESTER)
    leaving.block(synced, by=factories.TESTER)

    text = post(client, synced, "person_unblock")

    assert (synced.state, synced.blocked_at) == (PersonState.SUSPENDED, None)
    assert "was unblocked, but is still not active in the directory" in text


def test_a_second_block_takes_nothing_and_offers_no_undo(client: Client, ada: PrintUser) -> None:
    leaving.block(ada, by=factories.TESTER)

    assert "Undo" not in post(client, ada, "person_block")


def test_removing_an_active_person_can_be_undone(client: Client, ada: PrintUser) -> None:
    text = post(client, ada, "person_remove")

    assert ada.state == PersonState.REMOVED
    assert ada.runs.get().trigger == Trigger.REMOVED
    assert f'action="{address(ada, "person_restore")}"' in text


def test_removing_a_suspended_person_offers_no_undo_that_would_give_access(
    client: Client, ada: PrintUser
) -> None:
    leaving.suspend(ada, by=factories.TESTER)

    text = post(client, ada, "person_remove")

    assert ada.state == PersonState.REMOVED
    assert "Undo" not in text


def test_a_second_removal_gets_a_message_and_does_nothing(
    client: Client, contoso: Organization, ada: PrintUser
) -> None:
    leaving.remove(ada, by=factories.TESTER)

    assert "Ada is removed. Restore them first" in post(client, ada, "person_remove")
    assert verbs(contoso) == []


def test_a_restore_after_the_grace_period_is_refused(client: Client, page: Page, ada: PrintUser) -> None:
    run = leaving.remove(ada, by=factories.TESTER)
    DeprovisionRun.objects.filter(pk=run.pk).update(cut_at=run.cut_at - timedelta(days=8))

    assert address(ada, "person_restore") not in page("console:person", person=ada.pk)
    assert "restore period is over" in post(client, ada, "person_restore")
    assert ada.state == PersonState.REMOVED


def test_a_restore_is_refused_when_the_user_name_is_taken(
    client: Client, contoso: Organization, ada: PrintUser
) -> None:
    leaving.remove(ada, by=factories.TESTER)
    factories.person(contoso, "ada@contoso.example")

    assert "Another person already has the user name" in post(client, ada, "person_restore")
    assert ada.state == PersonState.REMOVED


def test_the_questions_say_what_will_happen(page: Page, ada: PrintUser) -> None:
    enrol_device(ada, "laptop", by=factories.TESTER)

    html = unescape(page("console:person", person=ada.pk))

    assert "Access ends immediately: 1 card or PIN is turned off, 1 device is signed out for good." in html
    assert "Follow-up steps: " in html
    assert "Erase cards and PINs" in html
    assert "You can undo this for 30 days, except for devices." in html
    assert "You can undo this for 7 days, except for devices." in html


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        ("active", {"suspend", "block", "remove"}),
        ("suspended", {"block", "remove", "restore"}),
        ("blocked", {"unblock", "remove"}),
        ("removed", {"restore"}),
    ],
)
def test_only_what_makes_sense_is_offered(page: Page, ada: PrintUser, state: str, offered: set[str]) -> None:
    act = {"suspended": leaving.suspend, "blocked": leaving.block, "removed": leaving.remove}.get(state)
    if act is not None:
        act(ada, by=factories.TESTER)

    html = page("console:person", person=ada.pk)

    actions = ("suspend", "block", "unblock", "remove", "restore")
    assert {name for name in actions if address(ada, f"person_{name}") in html} == offered


def test_a_synced_person_is_blocked_not_suspended(page: Page, synced: PrintUser) -> None:
    html = page("console:person", person=synced.pk)

    assert address(synced, "person_block") in html
    assert address(synced, "person_suspend") not in html
    assert "The directory may add the person again" in html


def test_an_auditor_sees_the_person_and_no_button(contoso: Organization, ada: PrintUser) -> None:
    html = factories.signed_in(contoso, Role.AUDITOR).get(address(ada, "person")).content.decode()

    assert "CARD" not in html
    assert "4711" in html
    assert 'method="post"' not in html.partition('<main id="content"')[2].partition("</main>")[0]
    assert address(ada, "person_edit") not in html


def test_an_undo_works_from_the_page_with_its_own_token(contoso: Organization, ada: PrintUser) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.administrator(contoso).account)
    form = client.get(address(ada, "person")).content.decode()
    token = form.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    after = client.post(address(ada, "person_suspend"), {"csrfmiddlewaretoken": token}, follow=True)
    alert = after.content.decode().partition('class="alert')[2].partition("</form>")[0]
    token = alert.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]

    client.post(address(ada, "person_restore"), {"csrfmiddlewaretoken": token})

    ada.refresh_from_db()
    assert ada.state == PersonState.ACTIVE


def test_a_hostile_name_stays_text_in_messages_and_questions(client: Client, contoso: Organization) -> None:
    person = factories.person(contoso, "mallory@contoso.example", display_name=HOSTILE)
    enrol_device(person, '"><script>', by=factories.TESTER)

    answer = client.post(address(person, "person_suspend"), follow=True)

    html = answer.content.decode()
    assert "&lt;script&gt;alert(&quot;x&quot;)" in html
    assert "<script>alert" not in html
    assert '"><script>' not in html
    assert "&amp;lt;" not in html


@pytest.mark.parametrize("name", ["suspend", "block", "unblock", "remove", "restore"])
def test_a_person_of_another_organization_is_out_of_reach(
    client: Client, contoso: Organization, name: str
) -> None:
    theirs = factories.person(factories.organization("Fabrikam"))
    url = address(theirs, f"person_{name}").replace("/o/fabrikam/", f"/o/{contoso.slug}/")

    assert client.post(url).status_code == 404
    theirs.refresh_from_db()
    assert theirs.state == PersonState.ACTIVE
