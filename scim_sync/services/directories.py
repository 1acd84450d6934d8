"""Decisions about people whom two directories of one organization have: which of them manages a person."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from addons.models import Installation
from addons.others import owner_beside
from printmgmt.audit.actors import Actor
from printmgmt.organizations.models import Account
from printmgmt.people.models import PrintUser, ReviewItem, ReviewKind, ReviewState
from printmgmt.people.owning import change_owner
from scim_sync.exceptions import ReviewError
from scim_sync.models import ScimUser
from scim_sync.services.deciding import decide, lock_asked, lock_item, record_decision


@transaction.atomic
def take_over(installation: Installation, item: ReviewItem, *, by: Actor, account: Account) -> PrintUser:
    """Let the directory that asked manage the person, also after a refusal; return the person.

    The former one keeps its link as history; from now on its writes are refused and asked about. Raises
    ReviewError when the question is another installation's, decided already, or there is nothing to decide.
    """
    locked, person = lock_asked(installation, item, ReviewKind.DIRECTORY)
    owner = owner_beside(installation, person.source)
    if owner is None:
        raise ReviewError(_("No other directory manages the person any more."))
    links = ScimUser.objects.filter(person=person)
    links.linking().update(dropped_at=timezone.now())
    if not links.filter(installation=installation).update(dropped_at=None):
        ScimUser.objects.create(installation=installation, person=person)
    moved = {"from": person.source, "to": installation.source}
    change_owner(person, installation.source)
    record_decision(locked, "person.moved-directory", by, **moved)
    decide(locked, ReviewState.APPROVED, account)
    return person


@transaction.atomic
def leave_to_owner(item: ReviewItem, *, by: Actor, account: Account) -> None:
    """Leave the person to the directory that manages them; the other one makes no further item about them.

    Raises ReviewError.
    """
    locked = lock_item(item, ReviewKind.DIRECTORY)
    decide(locked, ReviewState.REFUSED, account)
    record_decision(locked, "person.move-rejected", by)


def owner_of(item: ReviewItem, installation: Installation) -> Installation | None:
    """The directory that manages the person of an item now, other than the one that asked; None without."""
    return owner_beside(installation, item.person.source) if item.person else None


def decided_before(item: ReviewItem) -> ReviewItem | None:
    """The item by whose approval the person came to the directory that manages them, None where none did."""
    pk = item.details.get("decided")
    items = ReviewItem.objects.filter(organization=item.organization_id, pk=pk)
    return items.select_related("decided_by").first() if pk else None
