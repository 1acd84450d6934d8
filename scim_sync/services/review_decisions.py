"""Decisions about the directory's people: proposed links, and cards that someone else holds."""

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from addons.models import Installation
from addons.names import name_of
from addons.others import owner_beside, sources_of_others
from printmgmt.audit.actors import Actor
from printmgmt.organizations.models import Account
from printmgmt.people.card_moves import move_card
from printmgmt.people.models import PrintUser, ReviewAnswer, ReviewItem, ReviewKind, ReviewState
from printmgmt.people.obsolete_reviews import answer_of, close_if_answered, close_reviews
from scim_sync.exceptions import ReviewError
from scim_sync.facts import SLUG
from scim_sync.models import ScimUser
from scim_sync.services.deciding import REFUSED, decide, lock_asked, lock_item, record_decision


def items_of(installation: Installation) -> QuerySet[ReviewItem]:
    """The review items of a directory, decided or not, and those of directories that were uninstalled."""
    items = ReviewItem.objects.filter(
        organization=installation.organization_id, source__startswith=f"{SLUG}:"
    )
    own = items.exclude(source__in=sources_of_others(installation))
    return own.select_related("person", "decided_by")


def open_links(installation: Installation) -> QuerySet[ReviewItem]:
    """Open links of the installation."""
    return ReviewItem.objects.filter(
        organization=installation.organization,
        kind=ReviewKind.LINK,
        state=ReviewState.OPEN,
        source=installation.source,
    )


@transaction.atomic
def approve_link(installation: Installation, item: ReviewItem, *, by: Actor, account: Account) -> PrintUser:
    """Link the person to the directory, also after a refusal; return the person.

    Raises ReviewError when the question is another installation's, decided already, or the person left.
    """
    locked, person = lock_asked(installation, item, ReviewKind.LINK)
    if owner := owner_beside(installation, person.source):
        raise ReviewError(_("The person is now managed by %(directory)s.") % {"directory": name_of(owner)})
    _link(installation, person, locked, by)
    decide(locked, ReviewState.APPROVED, account)
    return person


def approve_all_links(installation: Installation, *, newest: int, by: Actor, account: Account) -> int:
    """Approve the open links up to the item ``newest``, the last one that was shown; return how many.

    A transaction each: a thousand of them must not hold the directory's own writes up.
    """
    approved = 0
    for item in open_links(installation).filter(pk__lte=newest).order_by("pk").iterator():
        try:
            approve_link(installation, item, by=by, account=account)
        except ReviewError:  # decided or gone in the meantime
            continue
        approved += 1
    return approved


@transaction.atomic
def refuse_link(item: ReviewItem, *, by: Actor, account: Account) -> None:
    """Refuse the link: the directory makes no further item about this person. Raises ReviewError."""
    locked = lock_item(item, ReviewKind.LINK)
    decide(locked, ReviewState.REFUSED, account)
    record_decision(locked, "person.link-rejected", by)


@transaction.atomic
def ask_again(item: ReviewItem, *, by: Actor) -> None:
    """Reopen a refused link, or one to a person of another directory. Raises ReviewError."""
    locked = lock_item(item, ReviewKind.LINK, ReviewKind.DIRECTORY, states=REFUSED)
    others = ReviewItem.objects.filter(
        organization=locked.organization, kind=locked.kind, key=locked.key, state=ReviewState.OPEN
    )
    if others.exists():
        raise ReviewError(_("The directory has already asked again."))
    if answer := answer_of(locked):
        raise ReviewError(_("No changes were made. %(decided)s") % {"decided": answer.label})
    locked.state, locked.decided_at, locked.decided_by = ReviewState.OPEN, None, None
    locked.save(update_fields=["state", "decided_at", "decided_by"])
    record_decision(locked, "person.link-rejection-undone", by)


@transaction.atomic
def leave_card(item: ReviewItem, *, by: Actor, account: Account) -> None:
    """Leave the card with the person who holds it. Raises ReviewError."""
    locked = lock_item(item, ReviewKind.CARD_HELD)
    decide(locked, ReviewState.REFUSED, account)
    record_decision(locked, "card.kept-by-holder", by)


@transaction.atomic
def give_card(item: ReviewItem, *, by: Actor, account: Account) -> PrintUser:
    """Give the card to the person in the directory's request; return that person.

    Raises ReviewError, and a PeopleError when it cannot be moved.
    """
    locked = lock_item(item, ReviewKind.CARD_HELD)
    holder = holder_of(locked)
    if holder is None or locked.person is None:
        raise ReviewError(_("The holder of the card no longer exists."))
    move_card(holder, locked.person, last4=locked.details["last4"], source=locked.source, by=by)
    decide(locked, ReviewState.APPROVED, account)
    return locked.person


def holder_of(item: ReviewItem) -> PrintUser | None:
    """Who held the card when the directory wanted to give it to another person."""
    holder = item.details.get("holder")
    return PrintUser.objects.of(item.organization).filter(pk=holder).first() if holder else None


def close_open(installation: Installation) -> None:
    """Close the open items of an installation that is being removed. Cards stay with their holders.

    Who may be someone that left is still asked, on the person's page: that needs no directory.
    """
    items = ReviewItem.objects.filter(organization=installation.organization, source=installation.source)
    needs_it = items.filter(
        kind__in=[ReviewKind.LINK, ReviewKind.DIRECTORY, ReviewKind.CARD_HELD], state=ReviewState.OPEN
    )
    needs_it.update(state=ReviewState.CLOSED, answer=ReviewAnswer.UNINSTALLED, decided_at=timezone.now())


def close_answered(installation: Installation) -> None:
    """Close open items that need no decision any more, since the situation changed."""
    items = ReviewItem.objects.filter(organization=installation.organization, source=installation.source)
    for item in items.filter(state=ReviewState.OPEN).select_related("person").order_by("pk"):
        close_if_answered(item)


def _link(installation: Installation, person: PrintUser, item: ReviewItem, by: Actor) -> None:
    """Link the person as the directory's first write would: the directory owns the fields from now on."""
    link, made = ScimUser.objects.get_or_create(installation=installation, person=person)
    if made or link.dropped_at:
        link.external_id, link.dropped_at = "", None
        link.save(update_fields=["external_id", "dropped_at"])
        person.source = installation.source
        person.updated_at = timezone.now()
        PrintUser.objects.filter(pk=person.pk).update(
            source=person.source, updated_at=person.updated_at, version=F("version") + 1
        )
        others = ReviewItem.objects.filter(person=person, kind=ReviewKind.LINK).exclude(pk=item.pk)
        close_reviews(others, ReviewAnswer.LINKED, timezone.now())
        record_decision(item, "person.linked", by)
