"""Suspends, blocks, removes and restores people.

Each function is one transaction. When it commits, access has ended (or is back) and the run with its steps is
saved. A worker performs the steps.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from printmgmt.audit.actors import Actor
from printmgmt.audit.services import record
from printmgmt.deprovisioning.chain import current_run, unfinished_undo
from printmgmt.deprovisioning.coming_back import end_absence, grace_until
from printmgmt.deprovisioning.console_access import end_console_access_again
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
    """Set ``active`` to false, as the directory says, and end the person's access.

    Locks and refreshes ``person``. A permission that the console gave against the directory ends as well.
    Returns the run, or None when the person had no access. Raises AlreadyRemoved.
    """
    lock_person(person)
    if person.removed_at:
        raise AlreadyRemoved(_("%(person)s was already removed.") % {"person": person})
    if not person.active and not person.allowed_at:
        end_console_access_again(person, by=by)
        return None
    person.active, person.allowed_at = False, None
    return _end_access(person, Trigger.SUSPENDED, by, requested_at)


@transaction.atomic
def reactivate(person: PrintUser, *, by: Actor) -> bool:
    """Set ``active`` to true, as the directory says; return whether access is back.

    A person who is blocked in the console gets no access, but ``active`` is saved. Raises AlreadyRemoved.
    """
    lock_person(person)
    if person.removed_at:
        raise AlreadyRemoved(_("%(person)s was already removed.") % {"person": person})
    if person.active:
        return not person.is_gone
    person.active, person.allowed_at = True, None
    return _give_access(person, by, _unless_blocked(person, "person.reactivated"))


@transaction.atomic
def block(person: PrintUser, *, by: Actor) -> DeprovisionRun | None:
    """Block a person: access ends, and the directory cannot give it back. Ends an `allowed_at` as well.

    Returns the run, or None when the person had no access. Raises AlreadyRemoved.
    """
    lock_person(person)
    if person.removed_at:
        raise AlreadyRemoved(_("%(person)s was already removed.") % {"person": person})
    if person.blocked_at:
        end_console_access_again(person, by=by)
        return None
    person.blocked_at, person.allowed_at = timezone.now(), None
    return _end_access(person, Trigger.SUSPENDED, by, None, verb="person.blocked")


@transaction.atomic
def unblock(person: PrintUser, *, by: Actor) -> bool:
    """Remove a block; return whether access is back, which depends on ``active``.

    Raises AlreadyRemoved.
    """
    lock_person(person)
    if person.removed_at:
        raise AlreadyRemoved(_("%(person)s was already removed.") % {"person": person})
    if not person.blocked_at:
        return not person.is_gone
    person.blocked_at = None
    return _give_access(person, by, "person.unblocked")


@transaction.atomic
def disallow(person: PrintUser, *, by: Actor) -> DeprovisionRun | None:
    """End the permission to print that the console gave a person whom the directory disabled.

    Returns the run, or None when the person had no such permission.
    """
    lock_person(person)
    if not person.allowed_at:
        return None
    person.allowed_at = None
    return _end_access(person, Trigger.SUSPENDED, by, None, verb="person.disallowed")


@transaction.atomic
def remove(
    person: PrintUser, *, by: Actor, requested_at: datetime | None = None, by_rule: bool = False
) -> DeprovisionRun:
    """Remove a person: access ends, the name is free, the row stays and can be restored.

    If a directory removes the person, ``active`` becomes false: a later restore in the console is against
    the directory. ``by_rule``: the console does it by itself, since they were suspended for long. Raises
    AlreadyRemoved.
    """
    lock_person(person)
    if person.removed_at:
        raise AlreadyRemoved(_("%(person)s was already removed.") % {"person": person})
    person.removed_at, person.allowed_at = timezone.now(), None
    if by.source != CONSOLE:
        person.active = False
    run = _end_access(person, Trigger.REMOVED, by, requested_at, by_rule=by_rule)
    if run is None:
        raise AssertionError("a removal always starts a run")
    bump_groups_of(person)
    close_reviews_of(person, person.removed_at)
    return run


@transaction.atomic
def restore(person: PrintUser, *, by: Actor) -> None:
    """Restore a suspended, blocked or removed person, undoing what can be undone.

    A person whom the directory disabled or removed is *allowed* until the directory sends ``active`` again.
    Does nothing for an active person. Raises GraceOver for a removed person after the grace period,
    MergedAway for a merged one, and UserNameTaken when someone else has the name by now.
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
    """Restore a removed person whom the directory created again; return whether access is back.

    The person keeps id, cards, groups and history. ``active`` is what the directory sent. A blocked person
    gets no access. Does nothing for a person who is not removed. Raises GraceOver, MergedAway, UserNameTaken.
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
        if active:  # the directory brings the person back, so their console access need not end
            by = replace(by, ends_console_access=False)
        # Still without access, but no longer removed: the run of the removal must not wipe their cards.
        _end_access(person, Trigger.SUSPENDED, by, None, verb=verb)
    bump_groups_of(person)
    return not person.is_gone


def within_grace(person: PrintUser) -> bool:
    """Whether the person's last leaving can still be undone. False for a merged person."""
    if person.merged_into_id:
        return False
    run = current_run(person)
    return run is None or timezone.now() < grace_until(run)


def _refuse_after_grace(person: PrintUser) -> None:
    if person.merged_into is not None:
        raise MergedAway(
            _("%(person)s was merged into %(other)s and cannot be restored.")
            % {"person": person, "other": person.merged_into}
        )
    if person.anonymised_at or (person.removed_at and not within_grace(person)):
        raise GraceOver(
            _("%(person)s can no longer be restored: the restore period is over.") % {"person": person}
        )


def _end_access(
    person: PrintUser,
    trigger: Trigger,
    by: Actor,
    requested_at: datetime | None,
    *,
    verb: str = "",
    by_rule: bool = False,
) -> DeprovisionRun | None:
    """Save a person who may not print any more; start the run if they could print until now."""
    now = timezone.now()
    had_access = person.state == PersonState.ACTIVE
    # Not all of the last leaving is undone yet, so this one continues it.
    previous = unfinished_undo(person) if had_access else current_run(person)
    changed = _save_state(person, now)
    _audit(person, verb or f"person.{trigger}", by)
    if not changed:
        end_console_access_again(person, by=by)
        return None
    return start_run(
        person,
        trigger,
        by=by,
        requested_at=requested_at,
        now=now,
        previous=previous,
        had_access=had_access,
        by_rule=by_rule,
    )


def _give_access(person: PrintUser, by: Actor, verb: str) -> bool:
    """Save a person who may be active again; if they are, undo the last leaving."""
    now = timezone.now()
    run = current_run(person)
    changed = _save_state(person, now)
    _audit(person, verb, by, **_seat_details(person))
    if changed and run is not None:
        end_absence(person, run, by=by, now=now)
    return not person.is_gone


def _unless_blocked(person: PrintUser, verb: str) -> str:
    """Return the audit verb: a person whom the directory reactivates may be blocked in the console."""
    return f"{verb}-still-blocked" if person.blocked_at else verb


def _save_state(person: PrintUser, now: datetime) -> bool:
    """Save the person with the derived state; a changed state increases the epoch.

    Raises UserNameTaken, and SeatLimitReached for a person who was never active when no seat is free.
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


def _seat_details(person: PrintUser) -> dict[str, Any]:
    """Return audit details that mark a person who came back although no seat was free."""
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
