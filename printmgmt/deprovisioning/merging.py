"""Merges duplicates: two people who turn out to be one human."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from printmgmt.audit.actors import Actor
from printmgmt.audit.services import record
from printmgmt.deprovisioning.coming_back import undo_absence
from printmgmt.deprovisioning.merge_plan import plan_merge
from printmgmt.organizations.models import Account
from printmgmt.people.models import Credential, PrintUser
from printmgmt.people.moving import move_credentials, move_devices, move_memberships, move_names
from printmgmt.people.reviews import answer_same_person, lock_reviews
from printmgmt.people.states import update_state


@dataclass(frozen=True)
class Merged:
    """What moved, and the cards that did not because someone else holds them by now."""

    cards: list[Credential]
    held: list[Credential]
    devices: int
    memberships: int


@transaction.atomic
def merge_people(keep: PrintUser, other: PrintUser, *, by: Actor, account: Account | None = None) -> Merged:
    """Merge ``other`` into ``keep``, so that both rows are one person. This cannot be undone.

    ``keep`` keeps its id, names, state and directory data. ``other`` must be removed already, or managed by
    no directory. It becomes a removed row that points at ``keep`` and cannot be restored. This is no leaving:
    no run is created, no console access ends, and administrators get no mail.

    - The names of ``other`` become former names of ``keep``, with their dates.
    - If both are active, the cards and devices of ``other`` move.
    - If ``other`` left, is not blocked and is within its grace period, and ``keep`` is active, the leaving is
      undone: the cards it disabled move, and so do all memberships. Otherwise only the memberships made in
      the console move.
    - PINs never move, nor do cards that someone else holds by now. Whatever stays with ``other`` is revoked.
    - Reviews about ``other`` are closed, as decided by ``account``. Audit events, runs and provisioning
      events stay where they are; ``PrintUser.row_ids`` finds them.

    Locks and refreshes both instances. Raises MergeRefused, also when they were merged already.
    """
    now = timezone.now()
    questions = lock_reviews(keep, other)
    _lock(keep, other)
    plan = plan_merge(keep, other)
    was_removed = other.removed_at is not None
    _retire(other, keep, now, ends_absence=plan.run is not None)
    runs = undo_absence(other, plan.run, by=by, now=now) if plan.run else []
    move_names(other, keep, other.removed_at or now)
    held = move_credentials(other, keep, plan.cards, runs, now)
    merged = Merged(
        cards=[card for card in plan.cards if card not in held],
        held=plan.held + held,
        devices=move_devices(other, keep),
        memberships=move_memberships(
            other, keep, synced=plan.run is not None, was_removed=was_removed, now=now
        ),
    )
    _join(keep, other, now)
    answer_same_person(questions, keep, other, account=account, now=now)
    _audit(keep, other, merged, by)
    return merged


def _lock(keep: PrintUser, other: PrintUser) -> None:
    """Lock both, and those merged into ``other`` before, in the order of their ids."""
    rows = PrintUser.objects.filter(Q(pk__in=[keep.pk, other.pk]) | Q(merged_into=other.pk)).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk"))
    for person in (keep, other):
        person.refresh_from_db(from_queryset=PrintUser.objects.select_related("organization"))


def _retire(other: PrintUser, keep: PrintUser, now: datetime, *, ends_absence: bool) -> None:
    """Save ``other`` as removed and merged into ``keep``."""
    other.removed_at = other.removed_at or now
    other.merged_into = keep
    update_state(other, now)
    if ends_absence:  # so that a worker with one of its steps notices that the leaving is over
        other.epoch += 1
    other.version += 1
    other.updated_at = now
    other.save()
    # Flat, so that one query finds all merged rows.
    PrintUser.objects.filter(merged_into=other).update(merged_into=keep)


def _join(keep: PrintUser, other: PrintUser, now: datetime) -> None:
    """Increase the version of ``keep``, which has more history now."""
    keep.legal_hold = keep.legal_hold or other.legal_hold
    keep.version += 1
    keep.updated_at = now
    keep.save(update_fields=["legal_hold", "version", "updated_at"])
    keep.__dict__.pop("merged_rows", None)


def _audit(keep: PrintUser, other: PrintUser, merged: Merged, by: Actor) -> None:
    details_of_keep: dict[str, Any] = {
        "cards": [card.last4 for card in merged.cards],
        "cards_held_elsewhere": [card.last4 for card in merged.held],
        "devices": merged.devices,
        "memberships": merged.memberships,
    }
    for person, same, details in ((keep, other, details_of_keep), (other, keep, {})):
        record(
            person.organization,
            "person.merged",
            by=by,
            object_type="person",
            object_id=person.pk,
            label=str(person),
            same_as=str(same.pk),
            name=str(same),
            survivor=str(keep.pk),
            **details,
        )
