"""Allowed here, disabled there: SCIM shows the directory what it said, and its next word counts."""

from collections.abc import Callable
from typing import Any

import pytest

from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.models import DeprovisionRun
from printmgmt.organizations.models import Organization
from printmgmt.people import credentials
from printmgmt.people.identification import identify
from printmgmt.people.models import PersonState, PrintUser
from scim_sync.models import Action, ProvisioningEvent, Result
from tests.factories import TESTER
from tests.scim_sync.client import CORE, DISABLE, ENABLE, Answer, Scim, a_user, op

pytestmark = pytest.mark.both_databases

Word = Callable[[Scim, PrintUser], Answer]


@pytest.fixture
def allowed(scim: Scim, alice: PrintUser) -> PrintUser:
    """Alice, disabled by the directory and restored in the console."""
    credentials.set_card(alice, "card 4711 4711", by=TESTER)
    scim.patch(alice.pk, DISABLE)
    leaving.restore(alice, by=TESTER)
    return alice


def columns(person: PrintUser) -> tuple[str, bool, bool]:
    """State, the directory's word, and whether ours is against it."""
    person.refresh_from_db()
    return person.state, person.active, person.allowed_at is not None


def patched(*operations: dict[str, Any]) -> Word:
    return lambda scim, person: scim.patch(person.pk, *operations)


def put(**attributes: Any) -> Word:
    return lambda scim, person: scim.put(person.pk, a_user("alice@contoso.com", **attributes))


def test_scim_goes_on_showing_what_the_directory_sent(scim: Scim, allowed: PrintUser) -> None:
    assert scim.user(allowed.pk).body["active"] is False
    assert scim.find('userName eq "alice@contoso.com" and active eq false').found == ["alice@contoso.com"]
    assert scim.find('userName eq "alice@contoso.com" and active eq true').found == []
    assert columns(allowed) == (PersonState.ACTIVE, False, True)


FALSE_AGAIN: dict[str, Word] = {
    "as Azure patches": patched(DISABLE),
    "as a boolean": patched(op("replace", "active", False)),
    "added": patched(op("add", "active", False)),
    "without a path": patched(op("Replace", "", {"active": False})),
    "by its full name": patched(op("Replace", f"{CORE}:active", "False")),
    "beside another change": patched(op("Replace", "title", "Boss"), DISABLE),
    "on and off in one": patched(ENABLE, DISABLE),
    "by PUT": put(active=False),
    "by PUT as text": put(active="False"),
}


@pytest.mark.parametrize("word", FALSE_AGAIN.values(), ids=FALSE_AGAIN)
def test_an_explicit_false_ends_the_access_though_false_stands_there_already(
    scim: Scim, allowed: PrintUser, contoso: Organization, word: Word
) -> None:
    answer = word(scim, allowed)

    assert (answer.status, answer.body["active"]) == (200, False)
    assert columns(allowed) == (PersonState.SUSPENDED, False, False)
    assert identify(contoso, card="card 4711 4711") is None
    assert DeprovisionRun.objects.filter(person=allowed, trigger="suspended").count() == 2
    event = ProvisioningEvent.objects.latest("pk")
    assert (event.action, event.result) == (Action.SUSPEND, Result.OK)


NOT_A_WORD: dict[str, Word] = {
    "another attribute": patched(op("Replace", "title", "Boss")),
    "PUT without active": put(displayName="Alice"),
    "read": lambda scim, person: scim.user(person.pk),
    "group joined": lambda scim, person: scim.create_group("Staff", str(person.pk)),
}


@pytest.mark.parametrize("word", NOT_A_WORD.values(), ids=NOT_A_WORD)
def test_what_does_not_name_active_leaves_the_permission(
    scim: Scim, allowed: PrintUser, contoso: Organization, word: Word
) -> None:
    answer = word(scim, allowed)

    assert answer.status in (200, 201), answer

    assert columns(allowed) == (PersonState.ACTIVE, False, True)
    assert identify(contoso, card="card 4711 4711") == allowed


@pytest.mark.parametrize("word", [patched(ENABLE), patched(DISABLE, ENABLE), put(active=True)])
def test_an_explicit_true_is_the_directorys_own_and_no_mark_stays(
    scim: Scim, allowed: PrintUser, contoso: Organization, word: Word
) -> None:
    answer = word(scim, allowed)

    assert answer.body["active"] is True
    assert columns(allowed) == (PersonState.ACTIVE, True, False)
    assert identify(contoso, card="card 4711 4711") == allowed
    assert ProvisioningEvent.objects.latest("pk").action == Action.REACTIVATE


def test_a_card_is_set_for_whom_the_console_allows(scim: Scim, allowed: PrintUser) -> None:
    card = "urn:ietf:params:scim:schemas:extension:printmgmt:2.0:User:cardNumber"

    scim.patch(allowed.pk, op("Replace", card, "0815 0815"))

    assert ProvisioningEvent.objects.latest("pk").result == Result.OK
    assert identify(allowed.organization, card="0815 0815") == allowed


def test_whom_the_directory_deleted_is_neither_linked_nor_active_after_a_restore_here(
    scim: Scim, alice: PrintUser
) -> None:
    scim.delete(alice.pk)

    leaving.restore(alice, by=TESTER)

    shown = scim.find('userName eq "alice@contoso.com"').body["Resources"][0]
    assert (shown["id"], shown["active"]) == (str(alice.pk), False)
    assert "externalId" not in shown
    assert columns(alice) == (PersonState.ACTIVE, False, True)


def test_whom_the_directory_deleted_is_its_own_again_when_it_writes(scim: Scim, alice: PrintUser) -> None:
    scim.delete(alice.pk)
    leaving.restore(alice, by=TESTER)

    answer = scim.create("alice@contoso.com", externalId="alice", active=True)

    assert (answer.status, answer.id) == (201, str(alice.pk))
    assert (answer.body["externalId"], answer.body["active"]) == ("alice", True)
    assert columns(alice) == (PersonState.ACTIVE, True, False)
