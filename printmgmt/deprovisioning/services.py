"""Leaving and coming back. Each is one transaction: when it commits, access is gone (or there) and the
run with its steps is written; a worker does the rest."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from printmgmt.audit.actors import Actor
from printmgmt.audit.services import record
from printmgmt.deprovisioning.chain import present_run, unfinished_undo
from printmgmt.deprovisioning.coming_back import end_absence, grace_until
from printmgmt.deprovisioning.console_access import follow_again
from printmgmt.deprovisioning.cut import start_run
from printmgmt.deprovisioning.exceptions import AlreadyRemoved, GraceOver, MergedAway
from printmgmt.deprovisioning.models import DeprovisionRun, Trigger
from printmgmt.people.groups import bump_groups_of
from printmgmt.people.models import CONSOLE, PersonState, PrintUser
from printmgmt.people.obsolete_reviews import close_reviews_of
from printmgmt.people.services import lock_person, save_person, take_seat
from printmgmt.people.states import update_state

__all__ = [
    "block",
    "disallow",
    "grace_until",
    "reactivate",
    "reattach",
    "remove",
    "restore",
    "suspend",
    "unblock",
    "within_grace",
]


@transaction.atomic
def suspend(person: PrintUser, *, by: Actor, requested_at: datetime | None = None) -> DeprovisionRun | None:
    """Take the directory's word that a person is not active: access ends with this transaction.

    ``person`` is locked and brought up to date in place. Whom the console allowed in spite of an earlier word
    loses the permission. Returns the run, or None when the person's access had ended already. Raises
    AlreadyRemoved.
    """
    lock_person(person)
    if person.removed_at:
        raise AlreadyRemoved(_("%(person)s was removed already.") % {"person": person})
    if not person.active and not person.allowed_at:
        follow_again(person, by=by)
        return None
    person.active, person.allowed_at = False, None
    return _end_access(person, Trigger.SUSPENDED, by, requested_at)


@transaction.atomic
def reactivate(person: PrintUser, *, by: Actor) -> bool:
    """Take the directory's word that a person is active again; return whether access is back.

    A block of ours wins: then only the directory's word is noted. Raises AlreadyRemoved.
    """
    lock_person(person)
    if person.removed_at:
        raise AlreadyRemoved(_("%(person)s was removed already.") % {"person": person})
    if person.active:
        return not person.is_gone
    person.active, person.allowed_at = True, None
    return _give_access(person, by, _unless_blocked(person, "person.reactivated"))


@transaction.atomic
def block(person: PrintUser, *, by: Actor) -> DeprovisionRun | None:
    """End a person's access whatever the directory says; a permission against its word ends, too.

    Returns the run, or None when access had ended already. Raises AlreadyRemoved.
    """
    lock_person(person)
    if person.removed_at:
        raise AlreadyRemoved(_("%(person)s was removed already.") % {"person": person})
    if person.blocked_at:
        follow_again(person, by=by)
        return None
    person.blocked_at, person.allowed_at = timezone.now(), None
    return _end_access(person, Trigger.SUSPENDED, by, None, verb="person.blocked")


@transaction.atomic
def unblock(person: PrintUser, *, by: Actor) -> bool:
    """Lift a block; return whether access is back, which the directory's word decides.

    Raises AlreadyRemoved.
    """
    lock_person(person)
    if person.removed_at:
        raise AlreadyRemoved(_("%(person)s was removed already.") % {"person": person})
    if not person.blocked_at:
        return not person.is_gone
    person.blocked_at = None
    return _give_access(person, by, "person.unblocked")


@transaction.atomic
def disallow(person: PrintUser, *, by: Actor) -> DeprovisionRun | None:
    """End the permission of a person whom the directory holds disabled: its word decides again.

    Returns the run, or None when the person is not allowed against the directory's word.
    """
    lock_person(person)
    if not person.allowed_at:
        return None
    person.allowed_at = None
    return _end_access(person, Trigger.SUSPENDED, by, None, verb="person.disallowed")


@transaction.atomic
def remove(person: PrintUser, *, by: Actor, requested_at: datetime | None = None) -> DeprovisionRun:
    """Remove a person: access ends, the name is free, the row stays as a tombstone.

    A directory that removes says "not active", too: what the console restores later is against its word.
    Raises AlreadyRemoved.
    """
    lock_person(person)
    if person.removed_at:
        raise AlreadyRemoved(_("%(person)s was removed already.") % {"person": person})
    person.removed_at, person.allowed_at = timezone.now(), None
    if by.source != CONSOLE:
        person.active = False
    run = _end_access(person, Trigger.REMOVED, by, requested_at)
    if run is None:
        raise AssertionError("a removal always starts a run")
    bump_groups_of(person)
    close_reviews_of(person, person.removed_at)
    return run


@transaction.atomic
def restore(person: PrintUser, *, by: Actor) -> None:
    """Bring a suspended, blocked or removed person back, undoing what can be undone.

    The directory's word stays: whom it holds disabled, or removed, is *allowed* here until it speaks again.
    Nothing happens to a person who is here. Raises GraceOver for a removed person whose grace period is
    over, MergedAway for one who was merged, and UserNameTaken when somebody has the name by now.
    """
    lock_person(person)
    if not person.is_gone:
        return
    _refuse_after_grace(person)
    was_removed = person.removed_at is not None
    person.blocked_at, person.removed_at = None, None
    person.active = person.active or person.source == CONSOLE
    person.allowed_at = None if person.active else timezone.now()
    _give_access(person, by, "person.allowed" if person.allowed_at else "person.restored")
    if was_removed:
        bump_groups_of(person)


@transaction.atomic
def reattach(person: PrintUser, *, by: Actor, active: bool = True) -> bool:
    """Take the directory's word that a removed person is there again; return whether access is back.

    The same person: id, cards, groups, history. A block of ours wins, and ``active`` is the directory's word.
    Nothing happens to a person who was not removed. Raises GraceOver, MergedAway, UserNameTaken.
    """
    lock_person(person)
    if not person.removed_at:
        return not person.is_gone
    _refuse_after_grace(person)
    person.active, person.removed_at = active, None
    verb = _unless_blocked(person, "person.reattached")
    if active and not person.blocked_at:
        _give_access(person, by, verb)
    else:
        if active:  # whom the directory brings back it does not shut out of the console
            by = replace(by, ends_console_access=False)
        # Removed no longer, still kept out: the removal's run must not wipe what a coming back gives back.
        _end_access(person, Trigger.SUSPENDED, by, None, verb=verb)
    bump_groups_of(person)
    return not person.is_gone


def within_grace(person: PrintUser) -> bool:
    """Whether what followed the person's last leaving can still be undone; never for a merged row."""
    if person.merged_into_id:
        return False
    run = present_run(person)
    return run is None or timezone.now() < grace_until(run)


def _refuse_after_grace(person: PrintUser) -> None:
    if person.merged_into is not None:
        raise MergedAway(
            _("%(person)s was found to be the same person as %(other)s and cannot be restored.")
            % {"person": person, "other": person.merged_into}
        )
    if person.anonymised_at or (person.removed_at and not within_grace(person)):
        raise GraceOver(
            _("%(person)s can no longer be restored: the grace period is over.") % {"person": person}
        )


def _end_access(
    person: PrintUser, trigger: Trigger, by: Actor, requested_at: datetime | None, *, verb: str = ""
) -> DeprovisionRun | None:
    """Save a person whose columns say "gone" and, unless nothing changed for the printers, start the run."""
    now = timezone.now()
    # Someone who was back so shortly that not all is undone yet leaves as if never back.
    previous = present_run(person) if person.is_gone else unfinished_undo(person)
    changed = _save_state(person, now)
    _audit(person, verb or f"person.{trigger}", by)
    if not changed:
        follow_again(person, by=by)
        return None
    return start_run(person, trigger, by=by, requested_at=requested_at, now=now, previous=previous)


def _give_access(person: PrintUser, by: Actor, verb: str) -> bool:
    """Save a person whose columns may say "active" again; undo the absence if they do."""
    now = timezone.now()
    run = present_run(person)
    changed = _save_state(person, now)
    _audit(person, verb, by, **_seat_flag(person))
    if changed and run is not None:
        end_absence(person, run, by=by, now=now)
    return not person.is_gone


def _unless_blocked(person: PrintUser, verb: str) -> str:
    """The verb of what the directory says; it may say "active" of somebody whom the console keeps out."""
    return f"{verb}-still-blocked" if person.blocked_at else verb


def _save_state(person: PrintUser, now: datetime) -> bool:
    """Save what the columns amount to; a state that changed is a new epoch.

    Raises UserNameTaken, and SeatLimitReached where somebody who never was active finds no seat.
    """
    changed = update_state(person, now)
    if person.state == PersonState.ACTIVE and person.first_active_at is None:
        take_seat(person.organization)
        person.first_active_at = now
    person.version += 1
    person.updated_at = now
    if changed:
        person.epoch += 1
    save_person(person)
    return changed


def _seat_flag(person: PrintUser) -> dict[str, Any]:
    """A coming back is never refused for want of a seat, only flagged. The first time is like a create."""
    seats = person.organization.seats
    if seats is None or person.is_gone:
        return {}
    used = PrintUser.objects.of(person.organization).filter(state=PersonState.ACTIVE).count()
    return {"over_seats": used - seats} if used > seats else {}


def _audit(person: PrintUser, verb: str, by: Actor, **details: Any) -> None:
    record(
        person.organization,
        verb,
        by=by,
        object_type="person",
        object_id=person.pk,
        label=str(person),
        epoch=person.epoch,
        **details,
    )
