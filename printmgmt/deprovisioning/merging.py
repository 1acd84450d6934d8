"""Two rows that turn out to be one human: one stays, the other becomes its past."""

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
    """What came along, and the cards that did not because somebody else holds them by now."""

    cards: list[Credential]
    held: list[Credential]
    devices: int
    memberships: int


@transaction.atomic
def merge_people(keep: PrintUser, other: PrintUser, *, by: Actor, account: Account | None = None) -> Merged:
    """Make ``other`` the past of ``keep``: from now on both rows are one person. It cannot be undone.

    ``keep`` keeps id, names, state and whatever a directory says of it. ``other``, removed already or kept by
    no directory, ends as a removed row that points at ``keep`` and never comes back. Nobody leaves: there is
    no run, no console access ends, no administrator is told.

    - The names ``other`` printed under become former names of ``keep``, with their times.
    - What is on moves: cards and devices of an active ``other``, to an active ``keep``.
    - What a leaving turned off comes back where a coming back would give it back: ``keep`` is active,
      ``other`` not blocked and within its grace period. Then the leaving is undone, its cards move, and so do
      all memberships. Otherwise only the memberships made in the console move.
    - A PIN never moves, nor a card that somebody else holds by now; what is left with ``other`` is revoked.
    - Questions that wait for an answer about ``other`` are closed, in the name of ``account``. Audit events,
      runs and what a directory did stay where they are; ``PrintUser.row_ids`` joins them for a reader.

    Both instances are locked and brought up to date. Raises MergeRefused, also when it was done already.
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
    """Lock both, and whoever was merged into ``other`` before, in one order for everybody."""
    rows = PrintUser.objects.filter(Q(pk__in=[keep.pk, other.pk]) | Q(merged_into=other.pk)).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk"))
    for person in (keep, other):
        person.refresh_from_db(from_queryset=PrintUser.objects.select_related("organization"))


def _retire(other: PrintUser, keep: PrintUser, now: datetime, *, ends_absence: bool) -> None:
    """Save ``other`` as the removed past of ``keep``."""
    other.removed_at = other.removed_at or now
    other.merged_into = keep
    update_state(other, now)
    if ends_absence:  # a worker that holds one of its steps right now must see that it is over
        other.epoch += 1
    other.version += 1
    other.updated_at = now
    other.save()
    # Flat, so that one question finds everybody.
    PrintUser.objects.filter(merged_into=other).update(merged_into=keep)


def _join(keep: PrintUser, other: PrintUser, now: datetime) -> None:
    """Save that ``keep`` has a longer past."""
    keep.legal_hold = keep.legal_hold or other.legal_hold
    keep.version += 1
    keep.updated_at = now
    keep.save(update_fields=["legal_hold", "version", "updated_at"])
    keep.__dict__.pop("merged_rows", None)


def _audit(keep: PrintUser, other: PrintUser, merged: Merged, by: Actor) -> None:
    told: dict[str, Any] = {
        "cards": [card.last4 for card in merged.cards],
        "cards_held_elsewhere": [card.last4 for card in merged.held],
        "devices": merged.devices,
        "memberships": merged.memberships,
    }
    for person, same, details in ((keep, other, told), (other, keep, {})):
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
