"""The end of an absence: what a coming back gives back inside its transaction, and what it orders undone."""

from datetime import datetime, timedelta
from uuid import UUID

from printmgmt.audit.actors import Actor
from printmgmt.audit.services import record
from printmgmt.deprovisioning.chain import undo, withdraw
from printmgmt.deprovisioning.console_access import ask_to_give_back
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
    """When the grace period of a run ends."""
    return run.cut_at + timedelta(days=run.policy.grace_days(run.trigger))


def end_absence(person: PrintUser, run: DeprovisionRun, *, by: Actor, now: datetime) -> None:
    """Supersede a run and those it superseded; inside the grace period undo what they changed, and only that.

    ``person`` is locked and saved with its new epoch.
    """
    if now >= grace_until(run):
        ask_to_give_back(person, [link.pk for link in withdraw(run, now)], by=by)
        return
    held = enable_again(person, undo_absence(person, run, by=by, now=now))
    if held:
        _leave_with_holders(person, held, by=by, now=now)


def undo_absence(person: PrintUser, run: DeprovisionRun, *, by: Actor, now: datetime) -> list[UUID]:
    """Order the undoing of a run and those it superseded; of console access the owners are asked.

    Returns the ids of these runs, by which the cards they disabled are known. ``person`` is locked and saved
    with its new epoch.
    """
    undone = undo(run, now)
    ids = [link.pk for link in undone]
    ask_to_give_back(person, ids, by=by)
    for link in undone:
        if link.next_due_at:
            nudge_after_commit(STEP_WORK, link.pk)
    return ids


def _leave_with_holders(person: PrintUser, cards: list[Credential], *, by: Actor, now: datetime) -> None:
    """Cards that somebody else was given meanwhile are theirs; a directory that gave them first is asked."""
    holders = current_holders(person, cards)
    for card in cards:
        told = {"last4": card.last4, "holder": str(holders.get(card.pk, ""))}
        card.revoked_at = now
        card.save(update_fields=["revoked_at"])
        record(
            person.organization,
            "card.left-with-holder",
            by=by,
            object_type="person",
            object_id=person.pk,
            label=str(person),
            **told,
        )
        if card.source == CONSOLE:
            continue  # given here and given on here: that was the decision
        ReviewItem.objects.get_or_create(
            organization=person.organization,
            kind=ReviewKind.CARD_HELD,
            key=f"{person.pk}:{card.last4}",
            state=ReviewState.OPEN,
            defaults={
                "person": person,
                "source": card.source,
                "request_id": by.request_id,
                "details": told,
            },
        )
