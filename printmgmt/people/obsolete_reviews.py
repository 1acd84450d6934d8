"""Closes reviews that need no decision any more, with the reason as their answer.

Cheap cases are closed at once. Those that need a query (a suspended holder, a restored leaver) are closed
when an administrator opens the decision, and by a sweep.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from printmgmt.people.models import (
    CONSOLE,
    LIVE_CREDENTIAL,
    Credential,
    CredentialKind,
    PersonState,
    PrintUser,
    ReviewAnswer,
    ReviewItem,
    ReviewKind,
    ReviewState,
)


def close_reviews(items: QuerySet[ReviewItem], answer: ReviewAnswer, now: datetime) -> int:
    """Close those of ``items`` that are open; return how many."""
    # Skip locked rows: an administrator is deciding those now, and may be waiting for locks we hold.
    waiting = items.filter(state=ReviewState.OPEN)
    unanswered = waiting.select_for_update(of=("self",), no_key=True, skip_locked=True)
    closing = list(unanswered.values_list("pk", flat=True))
    rows = ReviewItem.objects.filter(pk__in=closing)
    return rows.update(state=ReviewState.CLOSED, answer=answer, decided_at=now) if closing else 0


def close_reviews_of(person: PrintUser, now: datetime) -> None:
    """Close the reviews about a person who is being removed, and about the cards they held.

    Call with the person locked.
    """
    held = Q(kind=ReviewKind.CARD_HELD, details__holder=str(person.pk))
    items = ReviewItem.objects.filter(organization=person.organization_id, state=ReviewState.OPEN)
    about = items.filter(Q(person=person) | held)
    for pk, asked_of in about.values_list("pk", "person"):
        answer = ReviewAnswer.LEFT if asked_of == person.pk else ReviewAnswer.CARD_FREE
        close_reviews(ReviewItem.objects.filter(pk=pk), answer, now)


def close_reviews_of_cards(cards: Collection[Credential], now: datetime) -> None:
    """Close reviews about cards that their holders no longer have, unless something is left to decide."""
    for card in cards:
        if card.kind != CredentialKind.CARD:
            continue
        about = ReviewItem.objects.filter(
            organization=card.organization_id,
            kind=ReviewKind.CARD_HELD,
            state=ReviewState.OPEN,
            details__holder=str(card.person_id),
            details__last4=card.last4,
        )
        for item in about.select_related("person"):
            _close_answered(item, now)


@transaction.atomic
def close_if_answered(item: ReviewItem) -> ReviewAnswer | None:
    """Close an open review that needs no decision any more; return the answer, or None if it stays open."""
    return _close_answered(item, timezone.now())


def _close_answered(item: ReviewItem, now: datetime) -> ReviewAnswer | None:
    answer = answer_of(item) if item.state == ReviewState.OPEN else None
    if answer is None or not close_reviews(ReviewItem.objects.filter(pk=item.pk), answer, now):
        return None
    return answer


def answer_of(item: ReviewItem) -> ReviewAnswer | None:
    """Return what has answered an open review by now, or None while someone must decide.

    If a third person holds the card by now, the review is saved with that person as the holder.
    """
    person = item.person
    if person is None or person.removed_at:
        return ReviewAnswer.SAME if person and person.merged_into_id else ReviewAnswer.LEFT
    if item.kind == ReviewKind.CARD_HELD:
        return _answer_of_card(item, person)
    if item.kind == ReviewKind.LINK and person.source not in (item.source, CONSOLE):
        return ReviewAnswer.LINKED
    if item.kind == ReviewKind.DIRECTORY and person.source in (item.source, CONSOLE):
        return ReviewAnswer.OWNER
    if item.kind == ReviewKind.REHIRE:
        named = item.details.get("tombstones", [])
        left = PrintUser.objects.of(person.organization).unmerged()
        if not left.filter(pk__in=named, state=PersonState.REMOVED).exists():
            return ReviewAnswer.NOBODY_LEFT
    return None


def _answer_of_card(item: ReviewItem, person: PrintUser) -> ReviewAnswer | None:
    cards = Credential.objects.filter(
        organization=item.organization_id, kind=CredentialKind.CARD, last4=item.details.get("last4", "")
    )
    holder = item.details.get("holder")
    # The holder's disabled and revoked rows count, too: they show which card it was.
    known = set(cards.filter(person=holder).values_list("digest", flat=True)) if holder else set()
    live = list(cards.filter(LIVE_CREDENTIAL, digest__in=known).values_list("person", flat=True))
    if person.pk in live:
        return ReviewAnswer.CARD_THERE
    if not live:
        return ReviewAnswer.CARD_FREE
    if str(live[0]) != holder and holder not in map(str, live):
        item.details["holder"] = str(live[0])
        item.save(update_fields=["details"])
    return None
