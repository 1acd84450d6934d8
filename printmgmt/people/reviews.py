"""What an administrator decides about a question that waited for one."""

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
    """Answer "may be someone who left" with no: the person stays a new one. None when already decided."""
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


def lock_questions(keep: PrintUser, other: PrintUser) -> list[ReviewItem]:
    """Lock the open questions that two people who are one give an answer to.

    Before the people: whoever answers a question locks it first, too.
    """
    about = Q(person__in=[keep.pk, other.pk]) | Q(kind=ReviewKind.CARD_HELD, details__holder=str(other.pk))
    items = ReviewItem.objects.filter(about, organization=keep.organization_id, state=ReviewState.OPEN)
    return list(items.select_for_update(of=("self",), no_key=True).order_by("pk"))


def answer_same_person(
    items: Iterable[ReviewItem], keep: PrintUser, other: PrintUser, *, account: Account | None, now: datetime
) -> None:
    """Close what is answered by ``other`` being ``keep``, in the name of ``account``; the rest stays open.

    A card that somebody else is to have is asked about on, with ``keep`` as the one who holds it.
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


def decided_words(item: ReviewItem) -> str:
    """How a question that is not open any more was answered, as a sentence."""
    if item.state == ReviewState.CLOSED:
        return str(ReviewAnswer(item.answer).label)
    named = {"state": item.get_state_display(), "account": item.decided_by or _("somebody")}
    return _("%(account)s decided this already: %(state)s.") % named
