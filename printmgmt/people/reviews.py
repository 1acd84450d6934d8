"""Decides reviews as an administrator."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from printmgmt.audit.actors import Actor
from printmgmt.audit.services import record
from printmgmt.organizations.models import Account
from printmgmt.people.models import (
    LIVE_CREDENTIAL,
    CredentialKind,
    PrintUser,
    ReviewAnswer,
    ReviewItem,
    ReviewKind,
    ReviewState,
)


@transaction.atomic
def keep_as_new_person(person: PrintUser, item_id: int, *, by: Actor, account: Account) -> ReviewItem | None:
    """Decide that a person is not one who left before; return the review, None if decided already."""
    waiting = ReviewItem.objects.filter(
        person=person, pk=item_id, kind=ReviewKind.REHIRE, state=ReviewState.OPEN
    )
    item = waiting.select_for_update(of=("self",), no_key=True).first()
    if item is None:
        return None
    item.state, item.decided_at, item.decided_by = ReviewState.APPROVED, timezone.now(), account
    item.save(update_fields=["state", "decided_at", "decided_by"])
    record(
        person.organization,
        "person.kept-as-new",
        by=by,
        object_type="person",
        object_id=person.pk,
        label=str(person),
        tombstones=item.details.get("tombstones", []),
    )
    return item


def lock_reviews(keep: PrintUser, other: PrintUser) -> list[ReviewItem]:
    """Lock and return the open reviews that merging these people decides.

    Call before locking the people: reviews are locked first everywhere (ADR 21).
    """
    about = Q(person__in=[keep.pk, other.pk]) | Q(kind=ReviewKind.CARD_HELD, details__holder=str(other.pk))
    items = ReviewItem.objects.filter(about, organization=keep.organization_id, state=ReviewState.OPEN)
    return list(items.select_for_update(of=("self",), no_key=True).order_by("pk"))


def answer_same_person(
    items: Iterable[ReviewItem], keep: PrintUser, other: PrintUser, *, account: Account | None, now: datetime
) -> None:
    """Close the reviews that merging ``other`` into ``keep`` decides, as decided by ``account``.

    Reviews about a card that a third person claims stay open, with ``keep`` as its holder.
    """
    for item in items:
        if item.person_id == other.pk:
            item.state, item.answer = ReviewState.CLOSED, ReviewAnswer.SAME
        elif item.kind == ReviewKind.REHIRE and str(other.pk) in item.details.get("tombstones", []):
            item.state, item.details["same_as"] = ReviewState.APPROVED, str(other.pk)
        elif item.kind == ReviewKind.CARD_HELD and item.details.get("holder") == str(other.pk):
            item.details["holder"] = str(keep.pk)
            if item.person_id == keep.pk:
                there = _has_card(keep, item)
                item.state = ReviewState.CLOSED
                item.answer = ReviewAnswer.CARD_THERE if there else ReviewAnswer.CARD_FREE
        else:
            continue
        if item.state != ReviewState.OPEN:
            item.decided_at, item.decided_by = now, account
        item.save(update_fields=["state", "answer", "details", "decided_at", "decided_by"])


def _has_card(person: PrintUser, item: ReviewItem) -> bool:
    cards = person.credentials.filter(LIVE_CREDENTIAL, kind=CredentialKind.CARD)
    return cards.filter(last4=item.details.get("last4", "")).exists()


def decision_words(item: ReviewItem) -> str:
    """Return how a review that is not open any more was decided, as a sentence."""
    if item.state == ReviewState.CLOSED:
        return str(ReviewAnswer(item.answer).label)
    named = {"state": item.get_state_display(), "account": item.decided_by or _("someone")}
    return _("%(account)s has already decided this: %(state)s.") % named
