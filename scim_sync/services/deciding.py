"""What decisions about review items share: locking, deciding once, recording."""

from collections.abc import Collection
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from addons import gate
from addons.models import Installation
from printmgmt.audit.actors import Actor
from printmgmt.audit.services import record
from printmgmt.organizations.models import Account
from printmgmt.people.models import PrintUser, ReviewItem, ReviewKind, ReviewState
from printmgmt.people.reviews import decision_words
from scim_sync.exceptions import ReviewError

OPEN = (ReviewState.OPEN,)
REFUSED = (ReviewState.REFUSED,)


def lock_item(item: ReviewItem, *kinds: ReviewKind, states: Collection[ReviewState] = OPEN) -> ReviewItem:
    """Lock an item of one of these kinds, in one of these states, and return it. Raises ReviewError."""
    waiting = ReviewItem.objects.select_for_update(of=("self",), no_key=True).select_related(
        "person", "organization"
    )
    locked = waiting.filter(pk=item.pk, kind__in=kinds).first()
    if locked is None:
        raise ReviewError(_("This is a different kind of question."))
    if locked.state not in states:
        raise ReviewError(_("No changes were made. %(decided)s") % {"decided": decision_words(locked)})
    return locked


def lock_asked(
    installation: Installation, item: ReviewItem, kind: ReviewKind
) -> tuple[ReviewItem, PrintUser]:
    """Lock an item that may be approved, also after a refusal, and the person whom it is about; return both.

    First of all in a transaction. Raises ReviewError when the question is another installation's, decided
    already, or the person left.
    """
    present = Installation.objects.present().filter(pk=installation.pk).values_list("pk")
    is_present = gate.go_through(installation, present)
    locked = lock_item(item, kind, states=OPEN + REFUSED)
    if locked.source != installation.source or not is_present:
        raise ReviewError(_("The installation that asked was uninstalled."))
    people = PrintUser.objects.of(installation.organization).live()
    person = people.select_for_update(of=("self",), no_key=True).filter(review_items=locked).first()
    if person is None:
        raise ReviewError(_("The person no longer exists."))
    return locked, person


def decide(item: ReviewItem, state: ReviewState, account: Account) -> None:
    """Save how an account decided an item that is locked."""
    item.state, item.decided_at, item.decided_by = state, timezone.now(), account
    item.save(update_fields=["state", "decided_at", "decided_by"])


def record_decision(item: ReviewItem, verb: str, by: Actor, **details: Any) -> None:
    """Record in the audit what was decided about the person of an item."""
    record(
        item.organization,
        verb,
        by=by,
        object_type="person",
        object_id=item.person_id or "",
        label=str(item.person or ""),
        review=item.pk,
        **details,
    )
