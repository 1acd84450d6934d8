"""Administrators decide which of two directories manages a person, and that stands."""

import pytest

from addons.disposition import Disposition
from addons.models import Installation
from addons.services import configure, uninstall
from printmgmt.audit.models import AuditEvent
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.models import DeprovisionRun
from printmgmt.organizations.models import Account
from printmgmt.people.models import (
    CONSOLE,
    Credential,
    PersonState,
    PrintUser,
    ReviewAnswer,
    ReviewItem,
    ReviewKind,
    ReviewState,
)
from scim_sync.exceptions import ReviewError
from scim_sync.models import ScimUser
from scim_sync.monitoring.periodic import maintain
from scim_sync.services.directories import decided_before, leave_to_owner, owner_of, take_over
from scim_sync.services.review_decisions import approve_link, ask_again, give_card, items_of, open_links
from tests.factories import TESTER
from tests.scim_sync.client import DISABLE, ENABLE, PRINTMGMT, Scim, op
from tests.scim_sync.directories.conftest import ALICE

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_a_rejected_question_is_not_asked_again(
    alice: PrintUser, lyon: Scim, asked: ReviewItem, ada: Account, scim: Scim
) -> None:
    leave_to_owner(asked, by=TESTER, account=ada)

    assert [lyon.create(ALICE).status, lyon.delete(alice.pk).status] == [409, 409]
    assert ReviewItem.objects.get().state == ReviewState.REFUSED
    assert scim.patch(alice.pk, ENABLE).status == 200
    assert AuditEvent.objects.filter(verb="person.move-rejected").count() == 1

    ask_again(asked, by=TESTER)
    assert ReviewItem.objects.get().state == ReviewState.OPEN


def test_an_approved_one_moves_the_person_with_names_and_cards(
    scim: Scim,
    alice: PrintUser,
    lyon: Scim,
    asked: ReviewItem,
    ada: Account,
    installation: Installation,
    second: Installation,
) -> None:
    scim.patch(
        alice.pk,
        op("Add", f"{PRINTMGMT}:cardNumber", "4711 0001"),
        op("Add", "title", "Printer"),
        op("Replace", "userName", "alice.adams@contoso.com"),
    )
    group = scim.create_group("Teachers", str(alice.pk))
    version = scim.user(alice.pk).body["meta"]["version"]

    assert take_over(second, asked, by=TESTER, account=ada) == alice

    alice.refresh_from_db()
    assert alice.source == second.source
    assert set(alice.aliases.values_list("source", flat=True)) == {second.source}
    assert lyon.user(alice.pk).body["meta"]["version"] != version
    assert lyon.user(alice.pk).body[PRINTMGMT]["printAliases"] == [ALICE]
    # The former link is history; its group is still its own.
    former = ScimUser.objects.get(installation=installation)
    assert former.dropped_at is not None
    assert "title" not in scim.user(alice.pk).body
    assert [member["value"] for member in scim.group(group.id).body["members"]] == [str(alice.pk)]
    event = AuditEvent.objects.get(verb="person.moved-directory")
    assert (event.details["from"], event.details["to"]) == (installation.source, second.source)
    # The new owner's card replaces the former one's.
    assert lyon.patch(alice.pk, op("Add", f"{PRINTMGMT}:cardNumber", "4711 0002")).status == 200
    assert [card.last4 for card in Credential.objects.filter(revoked_at=None)] == ["0002"]


def test_the_new_owner_suspends_and_the_former_one_cannot_bring_them_back(
    scim: Scim, alice: PrintUser, lyon: Scim, asked: ReviewItem, ada: Account, second: Installation
) -> None:
    take_over(second, asked, by=TESTER, account=ada)

    assert lyon.patch(alice.pk, DISABLE).status == 200
    run = DeprovisionRun.objects.get()
    assert (run.person, run.source) == (alice, second.source)
    assert scim.patch(alice.pk, ENABLE).error == (409, "uniqueness")
    alice.refresh_from_db()
    assert alice.state == PersonState.SUSPENDED


def test_the_former_owner_asks_once_and_the_question_says_who_decided(
    scim: Scim,
    alice: PrintUser,
    asked: ReviewItem,
    ada: Account,
    installation: Installation,
    second: Installation,
    lyon: Scim,
) -> None:
    take_over(second, asked, by=TESTER, account=ada)

    answers = [scim.patch(alice.pk, DISABLE), scim.create(ALICE), scim.delete(alice.pk)]

    assert [answer.error for answer in answers] == [(409, "uniqueness")] * 3
    theirs = ReviewItem.objects.get(source=installation.source)
    assert owner_of(theirs, installation) == second
    before = decided_before(theirs)
    assert before == asked
    assert before.decided_by == ada
    leave_to_owner(theirs, by=TESTER, account=ada)
    assert scim.patch(alice.pk, DISABLE).status == 409
    assert ReviewItem.objects.filter(state=ReviewState.OPEN).count() == 0


def test_a_decision_can_be_taken_back_and_the_former_owner_knows_what_it_sent(
    scim: Scim,
    alice: PrintUser,
    asked: ReviewItem,
    ada: Account,
    installation: Installation,
    second: Installation,
    lyon: Scim,
) -> None:
    scim.patch(alice.pk, op("Add", "title", "Printer"))
    take_over(second, asked, by=TESTER, account=ada)
    scim.patch(alice.pk, ENABLE)
    theirs = ReviewItem.objects.get(source=installation.source)
    leave_to_owner(theirs, by=TESTER, account=ada)

    take_over(installation, theirs, by=TESTER, account=ada)

    back = scim.find('externalId eq "alice"').body["Resources"][0]
    assert (back["id"], back["title"]) == (str(alice.pk), "Printer")
    assert lyon.patch(alice.pk, ENABLE).status == 409
    assert ScimUser.objects.linking().count() == 1


def test_what_is_decided_or_anothers_is_not_decided_again(
    asked: ReviewItem, ada: Account, installation: Installation, second: Installation
) -> None:
    with pytest.raises(ReviewError, match="was uninstalled"):
        take_over(installation, asked, by=TESTER, account=ada)
    with pytest.raises(ReviewError, match="different kind"):
        approve_link(second, asked, by=TESTER, account=ada)
    take_over(second, asked, by=TESTER, account=ada)
    with pytest.raises(ReviewError, match="already decided"):
        take_over(second, asked, by=TESTER, account=ada)
    with pytest.raises(ReviewError, match="already decided"):
        leave_to_owner(asked, by=TESTER, account=ada)


def test_two_ask_to_link_a_person_of_the_console_and_one_gets_them(
    scim: Scim,
    bob: PrintUser,
    lyon: Scim,
    installation: Installation,
    second: Installation,
    ada: Account,
) -> None:
    for one in (installation, second):
        configure(one, {"linking": "review"}, by=TESTER)
    scim.create("bob@contoso.com", displayName="Bob of Paris")
    lyon.create("bob@contoso.com", displayName="Bob of Lyon")

    [first], [theirs] = open_links(installation), open_links(second)
    assert first.details["proposed"]["display_name"] == "Bob of Paris"
    assert theirs.details["proposed"]["display_name"] == "Bob of Lyon"
    approve_link(second, theirs, by=TESTER, account=ada)

    first.refresh_from_db()
    assert (first.state, first.answer) == (ReviewState.CLOSED, ReviewAnswer.LINKED)
    assert scim.create("bob@contoso.com").status == 409
    item = ReviewItem.objects.get(state=ReviewState.OPEN)
    assert (item.kind, item.source) == (ReviewKind.DIRECTORY, installation.source)


def test_a_link_is_not_approved_once_another_directory_has_the_person(
    bob: PrintUser, lyon: Scim, scim: Scim, installation: Installation, second: Installation, ada: Account
) -> None:
    configure(second, {"linking": "review"}, by=TESTER)
    lyon.create("bob@contoso.com")
    [item] = open_links(second)
    PrintUser.objects.filter(pk=bob.pk).update(source=installation.source)

    with pytest.raises(ReviewError, match="managed by Microsoft Azure AD User Sync"):
        approve_link(second, item, by=TESTER, account=ada)

    maintain()
    item.refresh_from_db()
    assert (item.state, item.answer) == (ReviewState.CLOSED, ReviewAnswer.LINKED)


def test_a_question_ends_when_the_console_has_the_person(asked: ReviewItem, alice: PrintUser) -> None:
    PrintUser.objects.filter(pk=alice.pk).update(source=CONSOLE)

    maintain()

    asked.refresh_from_db()
    assert (asked.state, asked.answer) == (ReviewState.CLOSED, ReviewAnswer.OWNER)


def test_a_question_ends_when_the_person_leaves(scim: Scim, asked: ReviewItem, alice: PrintUser) -> None:
    scim.delete(alice.pk)

    asked.refresh_from_db()
    assert (asked.state, asked.answer) == (ReviewState.CLOSED, ReviewAnswer.LEFT)


def test_each_queue_has_its_own_questions_and_those_of_directories_that_are_gone(
    asked: ReviewItem, installation: Installation, second: Installation
) -> None:
    assert list(items_of(second)) == [asked]
    assert not items_of(installation).exists()

    uninstall(second, Disposition.KEEP, by=TESTER)

    assert list(items_of(installation)) == [asked]


def test_an_open_question_about_a_card_moves_with_the_person(
    scim: Scim,
    alice: PrintUser,
    lyon: Scim,
    asked: ReviewItem,
    ada: Account,
    installation: Installation,
    second: Installation,
) -> None:
    bob = lyon.create("bob@contoso.com", **{PRINTMGMT: {"cardNumber": "4711 0001"}})
    scim.patch(alice.pk, op("Add", f"{PRINTMGMT}:cardNumber", "4711 0001"))
    [card] = items_of(installation)

    take_over(second, asked, by=TESTER, account=ada)

    assert card in items_of(second)
    card.refresh_from_db()
    give_card(card, by=TESTER, account=ada)
    assert Credential.objects.get(revoked_at=None).source == second.source
    assert PrintUser.objects.get(pk=bob.id).source == second.source


def test_a_rejected_question_can_still_be_approved(
    alice: PrintUser, asked: ReviewItem, ada: Account, second: Installation, lyon: Scim
) -> None:
    leave_to_owner(asked, by=TESTER, account=ada)

    take_over(second, asked, by=TESTER, account=ada)

    assert lyon.patch(alice.pk, DISABLE).status == 200


def test_one_whom_the_console_allows_is_allowed_until_the_new_owner_says_otherwise(
    scim: Scim, alice: PrintUser, asked: ReviewItem, ada: Account, second: Installation, lyon: Scim
) -> None:
    scim.patch(alice.pk, DISABLE)
    alice.refresh_from_db()
    leaving.restore(alice, by=TESTER)

    take_over(second, asked, by=TESTER, account=ada)

    alice.refresh_from_db()
    assert alice.allowed_at is not None
    lyon.patch(alice.pk, DISABLE)
    alice.refresh_from_db()
    assert (alice.state, alice.allowed_at) == (PersonState.SUSPENDED, None)
