"""Leaving and coming back. Each is one transaction: when it commits, access is gone (or there) and the
run with its steps is written; a worker does the rest."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from printmgmt.audit.actors import Actor
from printmgmt.audit.services import record
from printmgmt.deprovisioning.exceptions import AlreadyRemoved, GraceOver
from printmgmt.deprovisioning.models import DeprovisionRun, DeprovisionStep, RunState, StepState, Trigger
from printmgmt.deprovisioning.policy import current_policy
from printmgmt.deprovisioning.progress import settle_run
from printmgmt.deprovisioning.steps import STEPS
from printmgmt.deprovisioning.tasks import nudge
from printmgmt.organizations.services import end_administrator_access, give_access_back
from printmgmt.people.models import (
    LIVE_CREDENTIAL,
    Credential,
    Device,
    PersonState,
    PrintUser,
    ReviewItem,
    ReviewKind,
)
from printmgmt.people.services import save_named
from printmgmt.people.states import settle_state


@transaction.atomic
def suspend(person: PrintUser, *, by: Actor, requested_at: datetime | None = None) -> DeprovisionRun | None:
    """Take the directory's word that a person is not active: access ends with this transaction.

    ``person`` is locked and brought up to date in place. Returns the run, or None when the person's access
    had ended already. Raises AlreadyRemoved.
    """
    _lock(person)
    if person.removed_at:
        raise AlreadyRemoved(_("%(person)s was removed already.") % {"person": person})
    if not person.active:
        return None
    person.active = False
    return _end_access(person, Trigger.SUSPENDED, by, requested_at)


@transaction.atomic
def reactivate(person: PrintUser, *, by: Actor) -> bool:
    """Take the directory's word that a person is active again; return whether access is back.

    A block of ours wins: then only the directory's word is noted. Raises AlreadyRemoved.
    """
    _lock(person)
    if person.removed_at:
        raise AlreadyRemoved(_("%(person)s was removed already.") % {"person": person})
    if person.active:
        return not person.is_gone
    person.active = True
    return _give_access(person, by, "person.reactivated")


@transaction.atomic
def block(person: PrintUser, *, by: Actor) -> DeprovisionRun | None:
    """End a person's access whatever the directory says. Returns the run, or None when it had ended already."""
    _lock(person)
    if person.removed_at:
        raise AlreadyRemoved(_("%(person)s was removed already.") % {"person": person})
    if person.blocked_at:
        return None
    person.blocked_at = timezone.now()
    return _end_access(person, Trigger.SUSPENDED, by, None, verb="person.blocked")


@transaction.atomic
def unblock(person: PrintUser, *, by: Actor) -> bool:
    """Lift a block; return whether access is back, which the directory's word decides."""
    _lock(person)
    if not person.blocked_at:
        return not person.is_gone
    person.blocked_at = None
    return _give_access(person, by, "person.unblocked")


@transaction.atomic
def remove(person: PrintUser, *, by: Actor, requested_at: datetime | None = None) -> DeprovisionRun:
    """Remove a person: access ends, the name is free, the row stays as a tombstone. Raises AlreadyRemoved."""
    _lock(person)
    if person.removed_at:
        raise AlreadyRemoved(_("%(person)s was removed already.") % {"person": person})
    person.removed_at = timezone.now()
    run = _end_access(person, Trigger.REMOVED, by, requested_at)
    if run is None:
        raise AssertionError("a removal always starts a run")
    return run


@transaction.atomic
def restore(person: PrintUser, *, by: Actor) -> None:
    """Bring a suspended, blocked or removed person back, undoing what can be undone.

    Raises GraceOver for a removed person whose grace period is over, and UserNameTaken when somebody has
    the name by now.
    """
    _lock(person)
    if person.anonymised_at or (person.removed_at and not within_grace(person)):
        raise GraceOver(
            _("%(person)s can no longer be restored: the grace period is over.") % {"person": person}
        )
    person.active, person.blocked_at, person.removed_at = True, None, None
    _give_access(person, by, "person.restored")


def within_grace(person: PrintUser) -> bool:
    """Whether what followed the person's last leaving can still be undone."""
    run = _current_run(person)
    return run is None or timezone.now() < grace_until(run)


def grace_until(run: DeprovisionRun) -> datetime:
    """When the grace period of a run ends."""
    return run.cut_at + timedelta(days=run.policy.grace_days(run.trigger))


def _lock(person: PrintUser) -> None:
    locked = PrintUser.objects.select_for_update(of=("self",)).select_related("organization")
    person.refresh_from_db(from_queryset=locked)


def _current_run(person: PrintUser) -> DeprovisionRun | None:
    """The run of the person's present absence."""
    return DeprovisionRun.objects.select_related("policy").filter(person=person, epoch=person.epoch).first()


def _end_access(
    person: PrintUser, trigger: Trigger, by: Actor, requested_at: datetime | None, *, verb: str = ""
) -> DeprovisionRun | None:
    """Save a person whose columns say "gone" and, unless nothing changed for the printers, start the run."""
    now = timezone.now()
    previous = _current_run(person) if person.is_gone else None
    changed = settle_state(person, now)
    person.version += 1
    person.updated_at = now
    if changed:
        person.epoch += 1
    person.save()
    _audit(person, verb or f"person.{trigger}", by)
    if not changed:
        return None
    run = DeprovisionRun(
        organization=person.organization,
        person=person,
        epoch=person.epoch,
        trigger=trigger,
        policy=current_policy(person.organization),
        previous=previous,
        source=by.source,
        caused_by=by.label,
        request_id=by.request_id,
        requested_at=requested_at or now,
        cut_at=now,
    )
    if previous is not None:
        _supersede(previous, now)
    run.save(force_insert=True)
    Credential.objects.filter(LIVE_CREDENTIAL, person=person).update(disabled_at=now, disabled_by_run=run.pk)
    Device.objects.filter(person=person, revoked_at__isnull=True).update(
        revoked_at=now, revoked_by_run=run.pk
    )
    _end_console_access(person, run, by)
    steps = _write_steps(run)
    settle_run(run, steps, now)
    run.save(update_fields=["state", "next_due_at", "settled_at", "ended_at"])
    # robust: a broker that is down must not turn a committed change into an error (design §5).
    transaction.on_commit(partial(nudge, run.pk), robust=True)
    return run


def _end_console_access(person: PrintUser, run: DeprovisionRun, by: Actor) -> None:
    emails = {value.casefold() for value in (person.work_email, person.user_name) if "@" in value}
    for ended in end_administrator_access(person.organization, emails, run.pk):
        record(
            person.organization,
            "administrator.last-owner-left" if ended.last_owner else "administrator.access-ended",
            by=by,
            object_type="administrator",
            object_id=ended.administrator.pk,
            label=str(ended.administrator.account),
            run=str(run.pk),
        )


def _write_steps(run: DeprovisionRun) -> list[DeprovisionStep]:
    steps: list[DeprovisionStep] = []
    for step in STEPS:
        if run.trigger not in step.triggers:
            continue
        targets = list(step.targets(run))
        steps += [
            DeprovisionStep(
                organization_id=run.organization_id,
                run=run,
                name=step.name,
                immediate=step.immediate,
                target_kind=target.kind,
                target_id=target.id,
                target_label=target.label,
                due_at=step.due(run),
            )
            for target in targets
        ]
        if not targets:
            # A step that finds nothing says so; it does not vanish.
            steps.append(
                DeprovisionStep(
                    organization_id=run.organization_id,
                    run=run,
                    name=step.name,
                    immediate=step.immediate,
                    target_kind="none",
                    state=StepState.DONE,
                    evidence={"found": 0},
                    due_at=run.cut_at,
                    ended_at=run.cut_at,
                )
            )
    return DeprovisionStep.objects.bulk_create(steps)


def _supersede(run: DeprovisionRun, now: datetime) -> None:
    run.steps.filter(state=StepState.PENDING).update(state=StepState.SUPERSEDED, ended_at=now)
    run.state, run.ended_at, run.next_due_at = RunState.SUPERSEDED, now, None
    run.save(update_fields=["state", "ended_at", "next_due_at"])


def _give_access(person: PrintUser, by: Actor, verb: str) -> bool:
    """Save a person whose columns may say "active" again; undo the absence if they do."""
    now = timezone.now()
    run = _current_run(person)
    changed = settle_state(person, now)
    person.version += 1
    person.updated_at = now
    if changed and person.state == PersonState.ACTIVE:
        person.epoch += 1
    save_named(person)
    _audit(person, verb, by, **_seat_flag(person))
    if person.state != PersonState.ACTIVE:
        return False
    if changed and run is not None:
        _undo_chain(run, person, by, now)
    return True


def _undo_chain(run: DeprovisionRun, person: PrintUser, by: Actor, now: datetime) -> None:
    """Supersede a run and those it superseded; inside the grace period undo what they changed, and only that."""
    undo = now < grace_until(run)
    chain = [run]
    while chain[-1].previous_id:
        chain.append(DeprovisionRun.objects.get(pk=chain[-1].previous_id))
    runs = [link.pk for link in chain]
    steps = DeprovisionStep.objects.filter(run__in=runs)
    steps.filter(state=StepState.PENDING).update(state=StepState.SUPERSEDED, ended_at=now)
    DeprovisionRun.objects.filter(pk__in=runs).update(
        state=RunState.UNDONE if undo else RunState.SUPERSEDED, ended_at=now, next_due_at=None
    )
    if not undo:
        return
    undoable = [step.name for step in STEPS if step.is_undoable()]
    steps.filter(state=StepState.DONE, name__in=undoable).exclude(target_kind="none").update(
        state=StepState.UNDOING, due_at=now, crashes=0, deferrals=0, first_deferred_at=None
    )
    give_access_back(person.organization, runs)
    for credential in Credential.objects.filter(disabled_by_run__in=runs, revoked_at__isnull=True):
        _enable(credential, by)
    transaction.on_commit(partial(nudge, run.pk), robust=True)


def _enable(credential: Credential, by: Actor) -> None:
    """Give a credential back, unless its card was given to someone else meanwhile: that is for a person to decide."""
    try:
        with transaction.atomic():
            Credential.objects.filter(pk=credential.pk).update(disabled_at=None, disabled_by_run=None)
    except IntegrityError:
        ReviewItem.objects.get_or_create(
            organization_id=credential.organization_id,
            kind=ReviewKind.CARD_HELD,
            key=f"{credential.person_id}:{credential.last4}",
            state="open",
            defaults={
                "person_id": credential.person_id,
                "source": by.source,
                "request_id": by.request_id,
                "details": {"last4": credential.last4},
            },
        )


def _seat_flag(person: PrintUser) -> dict[str, Any]:
    """A coming back is never refused for want of a seat, only flagged."""
    seats = person.organization.seats
    if seats is None or person.state != PersonState.ACTIVE:
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
