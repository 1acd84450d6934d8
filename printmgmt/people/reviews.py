"""What an administrator decides about a question that waited for one."""

from django.db import transaction
from django.utils import timezone

from printmgmt.audit.actors import Actor
from printmgmt.audit.services import record
from printmgmt.organizations.models import Account
from printmgmt.people.models import PrintUser, ReviewItem, ReviewKind, ReviewState


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
