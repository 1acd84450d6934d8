"""Review items about people whom a directory may not write: one for each person, refreshed every cycle."""

from typing import Any

from printmgmt.people.models import ReviewItem, ReviewKind, ReviewState
from scim_sync.credentials.calls import Call
from scim_sync.services.linking import LinkRefused, ManagedElsewhere
from scim_sync.services.proposals import Proposal


def ask_about(call: Call, refused: LinkRefused, proposal: Proposal) -> None:
    """Make a review item of a refused write. Call it after the write was rolled back.

    Entra repeats the write every cycle: an open item takes the new values, and one that an administrator
    rejected makes no further item.
    """
    person, source = refused.person, call.installation.source
    same = {
        "organization": call.organization,
        "kind": refused.kind,
        "key": f"{person.pk}:{call.installation.pk}",
    }
    if ReviewItem.objects.filter(**same, state=ReviewState.REFUSED).exists():
        return
    now: dict[str, Any] = {"proposed": proposal.values}
    if isinstance(refused, ManagedElsewhere):
        now |= {"owner": refused.owner.source, "ends_access": proposal.ends_access}
    item, made = ReviewItem.objects.get_or_create(
        **same,
        state=ReviewState.OPEN,
        defaults={
            "person": person,
            "source": source,
            "request_id": call.request_id,
            "details": {"user_name": person.user_name, **now, **_decided(refused)},
        },
    )
    if not made:
        now["proposed"] = item.details.get("proposed", {}) | proposal.values
        item.details |= now
        item.request_id = call.request_id
        item.save(update_fields=["details", "request_id"])


def _decided(refused: LinkRefused) -> dict[str, int]:
    """The item by which an administrator gave the person to the directory that manages them, if one did."""
    if not isinstance(refused, ManagedElsewhere):
        return {}
    items = ReviewItem.objects.filter(
        person=refused.person,
        kind=ReviewKind.DIRECTORY,
        state=ReviewState.APPROVED,
        source=refused.owner.source,
    )
    last = items.order_by("-decided_at").values_list("pk", flat=True).first()
    return {} if last is None else {"decided": last}
