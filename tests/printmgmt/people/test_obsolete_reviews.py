"""Every way in which the world answers a question, and that it is closed with a note by then."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.merging import merge_people
from printmgmt.organizations.models import Organization
from printmgmt.people.card_moves import CardUnclear, move_card
from printmgmt.people.credentials import revoke_all, set_card
from printmgmt.people.identification import identify
from printmgmt.people.models import (
    Credential,
    CredentialKind,
    PrintUser,
    ReviewAnswer,
    ReviewItem,
    ReviewKind,
    ReviewState,
)
from printmgmt.people.obsolete_reviews import close_if_answered
from printmgmt.people.revocations import revoke_credential
from tests import factories
from tests.factories import DIRECTORY, TESTER

CARD = "CARD-4711"


@pytest.fixture
def holder(contoso: Organization) -> PrintUser:
    """Holds the card that the directory wants ada to have, and an own one."""
    bob = factories.person(contoso, "bob")
    set_card(bob, "SPARE-0815", by=DIRECTORY)
    set_card(bob, CARD, by=TESTER)
    return bob


@pytest.fixture
def ada(contoso: Organization) -> PrintUser:
    return factories.person(contoso, "ada", by=DIRECTORY)


def add_review(person: PrintUser, kind: ReviewKind, **details: object) -> ReviewItem:
    return ReviewItem.objects.create(
        organization=person.organization, kind=kind, key=f"{person.pk}:{kind}", person=person,
        source=DIRECTORY.source, details=details,
    )  # fmt: skip


@pytest.fixture
def question(ada: PrintUser, holder: PrintUser) -> ReviewItem:
    """Whose card is it? Beside it the same question about another card, and next door about the same."""
    factories.person(factories.organization("Fabrikam"), "eve")
    add_review(factories.person(ada.organization), ReviewKind.CARD_HELD, last4="0815", holder=str(holder.pk))
    eve = PrintUser.objects.get(user_name="eve")
    add_review(eve, ReviewKind.CARD_HELD, last4="4711", holder=str(holder.pk))
    return add_review(ada, ReviewKind.CARD_HELD, last4="4711", holder=str(holder.pk))


def outcome(item: ReviewItem) -> tuple[str, str]:
    """State and answer of a question; one that is closed says when."""
    item.refresh_from_db()
    assert (item.state == ReviewState.OPEN) == (item.decided_at is None)
    return item.state, item.answer


def others(item: ReviewItem) -> set[str]:
    return set(ReviewItem.objects.exclude(pk=item.pk).values_list("state", flat=True))


OPEN = (ReviewState.OPEN, "")
FREE = (ReviewState.CLOSED, ReviewAnswer.CARD_FREE)
THERE = (ReviewState.CLOSED, ReviewAnswer.CARD_THERE)
LEFT = (ReviewState.CLOSED, ReviewAnswer.LEFT)
SAME = (ReviewState.CLOSED, ReviewAnswer.SAME)


def card_of(person: PrintUser) -> Credential:
    return person.credentials.get(last4="4711")


LOST: dict[str, Callable[[PrintUser], object]] = {
    "revoked": lambda bob: revoke_credential(bob, card_of(bob).pk, by=TESTER),
    "replaced": lambda bob: set_card(bob, "NEW-2222", by=TESTER),
    "taken back": lambda bob: revoke_all(bob, CredentialKind.CARD, by=TESTER),
    "holder removed": lambda bob: leaving.remove(bob, by=TESTER),
}


@pytest.mark.parametrize("lose", LOST.values(), ids=LOST)
def test_a_card_that_nobody_holds_any_more_is_no_question_at_once(
    question: ReviewItem, holder: PrintUser, lose: Callable[[PrintUser], object]
) -> None:
    lose(holder)

    assert outcome(question) == FREE
    assert ReviewState.OPEN in others(question)


def test_another_card_of_the_holder_answers_nothing(question: ReviewItem, holder: PrintUser) -> None:
    revoke_credential(holder, holder.credentials.get(last4="0815").pk, by=TESTER)

    assert outcome(question) == OPEN


def test_a_holder_who_is_suspended_holds_no_card(question: ReviewItem, holder: PrintUser) -> None:
    leaving.suspend(holder, by=TESTER)
    assert outcome(question) == OPEN  # dear at that moment: a leaving must be quick

    assert close_if_answered(question) == ReviewAnswer.CARD_FREE
    assert outcome(question) == FREE


def test_who_has_the_card_by_now_is_not_asked_about(
    question: ReviewItem, ada: PrintUser, holder: PrintUser
) -> None:
    leaving.suspend(holder, by=TESTER)
    set_card(ada, CARD, by=DIRECTORY)

    assert close_if_answered(question) == ReviewAnswer.CARD_THERE
    assert outcome(question) == THERE


def test_a_card_that_went_on_to_a_third_is_asked_of_them(
    question: ReviewItem, ada: PrintUser, holder: PrintUser
) -> None:
    grace = factories.person(ada.organization, "grace")
    move_card(holder, grace, last4="4711", source="console", by=TESTER)

    assert close_if_answered(question) is None
    question.refresh_from_db()
    assert question.details["holder"] == str(grace.pk)
    assert outcome(question) == OPEN


@pytest.mark.parametrize("kind", ReviewKind.values)
def test_nobody_asks_about_somebody_removed(ada: PrintUser, holder: PrintUser, kind: str) -> None:
    item = add_review(ada, ReviewKind(kind), last4="4711", holder=str(holder.pk), tombstones=[])
    other = add_review(holder, ReviewKind(kind), tombstones=[])

    leaving.remove(ada, by=TESTER)

    assert outcome(item) == LEFT
    assert outcome(other) == OPEN


@pytest.mark.parametrize("kind", ReviewKind.values)
def test_nobody_asks_about_the_past_of_somebody_else(ada: PrintUser, holder: PrintUser, kind: str) -> None:
    other = factories.person(ada.organization)
    item = add_review(other, ReviewKind(kind), last4="4711", holder=str(holder.pk), tombstones=[])

    merge_people(ada, other, by=TESTER, account=factories.account())

    assert outcome(item) == SAME
    assert item.decided_by is not None


@pytest.fixture
def rehired(contoso: Organization) -> tuple[PrintUser, list[PrintUser], ReviewItem]:
    """A new person, two who left with the name, and the question which of them it is."""
    left = []
    for _each in range(2):
        person = factories.person(contoso, "carol")
        leaving.remove(person, by=TESTER)
        left.append(person)
    new = factories.person(contoso, "carol", by=DIRECTORY)
    return new, left, add_review(new, ReviewKind.REHIRE, tombstones=[str(person.pk) for person in left])


def test_a_rehire_is_asked_about_while_one_is_left_it_may_be(
    rehired: tuple[PrintUser, list[PrintUser], ReviewItem],
) -> None:
    _new, (first, _second), item = rehired
    PrintUser.objects.filter(pk=first.pk).update(user_name_key="x")
    leaving.restore(first, by=TESTER)

    assert close_if_answered(item) is None
    assert outcome(item) == OPEN


def test_a_rehire_that_can_be_none_of_those_who_left_is_closed(
    rehired: tuple[PrintUser, list[PrintUser], ReviewItem], contoso: Organization
) -> None:
    _new, (first, second), item = rehired
    merge_people(factories.person(contoso), first, by=TESTER)
    PrintUser.objects.filter(pk=second.pk).update(state="anonymised", anonymised_at=timezone.now())

    assert close_if_answered(item) == ReviewAnswer.NOBODY_LEFT


def test_a_rehire_is_a_question_after_the_grace_period_too(
    rehired: tuple[PrintUser, list[PrintUser], ReviewItem],
) -> None:
    """Names and history can still come together, as long as it is known whose they were."""
    _new, (first, _second), item = rehired
    run = first.runs.get()
    run.cut_at -= timedelta(days=400)
    run.save()

    assert close_if_answered(item) is None


def test_a_card_that_is_gone_says_what_to_do_next(ada: PrintUser, holder: PrintUser) -> None:
    revoke_credential(holder, card_of(holder).pk, by=TESTER)

    with pytest.raises(CardUnclear, match="Provision ada on demand in the directory"):
        move_card(holder, ada, last4="4711", source="console", by=TESTER)

    assert identify(ada.organization, card=CARD) is None


def test_what_somebody_decided_stays_their_decision(question: ReviewItem, holder: PrintUser) -> None:
    ReviewItem.objects.filter(pk=question.pk).update(state=ReviewState.REFUSED, decided_at=timezone.now())

    revoke_credential(holder, card_of(holder).pk, by=TESTER)
    question.refresh_from_db()

    assert close_if_answered(question) is None
    assert outcome(question) == (ReviewState.REFUSED, "")
