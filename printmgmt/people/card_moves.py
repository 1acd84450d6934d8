"""Moves a card from one person to another without knowing its number."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from printmgmt.audit.actors import Actor
from printmgmt.audit.services import record
from printmgmt.people.exceptions import PeopleError
from printmgmt.people.models import LIVE_CREDENTIAL, Credential, CredentialKind, PrintUser
from printmgmt.people.obsolete_reviews import close_reviews_of_cards
from printmgmt.people.revocations import record_revoked
from printmgmt.people.services import lock_active_person


class CardUnclear(PeopleError):
    """The holder has no such card any more, or has several whose last four digits match."""


@transaction.atomic
def move_card(holder: PrintUser, to: PrintUser, *, last4: str, source: str, by: Actor) -> Credential:
    """Move the holder's card that ends in ``last4`` to the person ``to``.

    It replaces the card that ``to`` had from ``source``. Returns the card of ``to``. Raises CardUnclear, and
    PersonGone when ``to`` may not print.
    """
    lock_active_person(to)
    held = Credential.objects.filter(
        LIVE_CREDENTIAL, person=holder, kind=CredentialKind.CARD, last4=last4
    ).select_for_update(no_key=True)
    cards = list(held[:2])
    named = {"holder": holder, "last4": last4, "person": to}
    if not cards:
        raise CardUnclear(
            _(
                "%(holder)s no longer has a card ending in %(last4)s. Provision %(person)s on demand in "
                "the directory, or add the card on their page."
            )
            % named
        )
    if len(cards) > 1:
        raise CardUnclear(
            _(
                "%(holder)s has several cards ending in %(last4)s. Revoke the one you mean, then add it "
                "on the page of %(person)s."
            )
            % named
        )
    card = cards[0]
    replaced = list(to.credentials.filter(LIVE_CREDENTIAL, kind=CredentialKind.CARD, source=source))
    for ending in (card, *replaced):
        ending.revoked_at = timezone.now()
        ending.save(update_fields=["revoked_at"])
        record_revoked(ending, by=by)
    moved = Credential.objects.create(
        organization=to.organization,
        person=to,
        kind=CredentialKind.CARD,
        key_id=card.key_id,
        digest=card.digest,
        last4=card.last4,
        source=source,
    )
    close_reviews_of_cards(replaced, moved.created_at)
    record(
        to.organization,
        "card.moved",
        by=by,
        object_type="person",
        object_id=to.pk,
        label=str(to),
        last4=last4,
        holder=str(holder.pk),
    )
    return moved
