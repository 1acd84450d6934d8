"""Gives access back: what happens in the transaction of a return, and what is left to the worker."""

from datetime import datetime, timedelta
from uuid import UUID

from printmgmt.audit.actors import Actor
from printmgmt.audit.services import record
from printmgmt.deprovisioning.chain import undo, withdraw
from printmgmt.deprovisioning.console_access import ask_owners_to_restore_access
from printmgmt.deprovisioning.models import STEP_WORK, DeprovisionRun
from printmgmt.people.credentials import enable_again
from printmgmt.people.models import (
    CONSOLE,
    Credential,
    PrintUser,
    ReviewItem,
    ReviewKind,
    ReviewState,
)
from printmgmt.people.moving import current_holders
from printmgmt.work.nudges import nudge_after_commit


def grace_until(run: DeprovisionRun) -> datetime:
    """Return when the grace period of a run ends."""
    return run.cut_at + timedelta(days=run.policy.grace_days(run.trigger))


def end_absence(person: PrintUser, run: DeprovisionRun, *, by: Actor, now: datetime) -> None:
    """End a run and those it superseded; within the grace period, undo what they changed.

    Call with ``person`` locked and saved with its new epoch.
    """
    if now >= grace_until(run):
        ask_owners_to_restore_access(person, [link.pk for link in withdraw(run, now)], by=by)
        return
    held = enable_again(person, undo_absence(person, run, by=by, now=now))
    if held:
        _revoke_held_cards(person, held, by=by, now=now)


def undo_absence(person: PrintUser, run: DeprovisionRun, *, by: Actor, now: datetime) -> list[UUID]:
    """Order the undo of a run and those it superseded, and ask owners about console access.

    Returns the ids of these runs, which are in ``disabled_by_run`` of the cards they disabled. Call with
    ``person`` locked and saved with its new epoch.
    """
    undone = undo(run, now)
    ids = [link.pk for link in undone]
    ask_owners_to_restore_access(person, ids, by=by)
    for link in undone:
        if link.next_due_at:
            nudge_after_commit(STEP_WORK, link.pk)
    return ids


def _revoke_held_cards(person: PrintUser, cards: list[Credential], *, by: Actor, now: datetime) -> None:
    """Revoke cards that someone else holds by now; add a review for those that a directory had sent."""
    holders = current_holders(person, cards)
    for card in cards:
        details = {"last4": card.last4, "holder": str(holders.get(card.pk, ""))}
        card.revoked_at = now
        card.save(update_fields=["revoked_at"])
        record(
            person.organization,
            "card.kept-by-holder",
            by=by,
            object_type="person",
            object_id=person.pk,
            label=str(person),
            **details,
        )
        if card.source == CONSOLE:
            continue  # an administrator gave it to both of them: nothing is left to decide
        ReviewItem.objects.get_or_create(
            organization=person.organization,
            kind=ReviewKind.CARD_HELD,
            key=f"{person.pk}:{card.last4}",
            state=ReviewState.OPEN,
            defaults={
                "person": person,
                "source": card.source,
                "request_id": by.request_id,
                "details": details,
            },
        )
