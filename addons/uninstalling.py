"""What becomes of an uninstalled add-on's people: the row is the order, carried out a chunk at a time.

A person who was not handled yet still has the installation's ``source``: so nothing is done twice, several
workers can share the work, and when one dies another continues.
"""

import time
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from addons.belongings import give_to_console
from addons.disposition import Disposition
from addons.mails import UninstalledMail, post_about
from addons.models import Installation, Uninstallation
from printmgmt.audit.actors import Actor
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.console_access import may_end_console_access
from printmgmt.deprovisioning.exceptions import AlreadyRemoved
from printmgmt.people.groups import lock_groups
from printmgmt.people.models import CONSOLE, GroupMembership, PrintGroup, PrintUser
from printmgmt.rounds import isolate_errors
from printmgmt.work.nudges import nudge, nudge_after_commit
from printmgmt.work.patience import Patience

log = structlog.get_logger(__name__)

UNINSTALLING = "addons.uninstalling"
"""What orders are called in nudges; the key is the installation's id."""

AT_ONCE = 200
"""So many people have their turn before the administrator's page answers; more wait for a worker."""

CHUNK = 50
"""People a transaction: their rows are locked for half a second or so."""

WORKERS = 4
"""Asked to work at one order side by side; it takes as many as there are."""

BUDGET = 5.0
"""Seconds after which a call begins no further turn, so that no worker is kept from single leavers' steps."""

ATTEMPTS = 8
"""Rounds in which a person's access could not be ended, over half an hour or so; then a person must look."""

PATIENCE = Patience(first_wait=20.0)

LOOK_AGAIN = timedelta(hours=1)
"""After which a finished order is looked at again: nobody may be left with a source that is gone."""


def order(installation: Installation, people: Disposition, *, by: Actor) -> Uninstallation:
    """Write down what becomes of an installation's people, and do it at once if they are few."""
    made = Uninstallation.objects.create(
        installation=installation,
        people=people.value,
        actor_kind=by.kind,
        actor_id=by.id,
        actor_label=by.label,
        request_id=by.request_id,
        ends_console_access=may_end_console_access(installation.organization, by),
        total=_people_of(installation).count(),
    )
    if people == Disposition.KEEP or made.total <= AT_ONCE:
        carry_out(installation.pk, is_watched=True)
    if not Uninstallation.objects.filter(pk=made.pk, ended_at__isnull=False).exists():
        for _worker in range(WORKERS):
            nudge_after_commit(UNINSTALLING, installation.pk)
    return made


def carry_out(installation_id: UUID, *, is_watched: bool = False) -> bool:
    """Go on with one order for some seconds; return whether there may be more. Any number may work at it.

    An administrator who watches it end needs no mail.
    """
    deadline = time.monotonic() + BUDGET
    failed: set[UUID] = set()
    while time.monotonic() < deadline:
        if not _take_turns(installation_id, failed):
            _end(installation_id, failed, is_watched=is_watched)
            return False
    return True


def carry_on(installation_id: str) -> None:
    """What a nudge asks for: go on with one order, and ask to be called again if there may be more."""
    if carry_out(UUID(installation_id)):
        nudge(UNINSTALLING, installation_id)


def sweep() -> None:
    """Go on with every order that is open. Safe to run anywhere."""
    orders = Uninstallation.objects.order_by("ordered_at").select_related("installation__organization")
    for order in orders.filter(due_at__lte=timezone.now()):
        with isolate_errors("an uninstallation", installation=str(order.pk)):
            carry_out(order.pk) if order.ended_at is None else _look_again(order)


def _people_of(installation: Installation) -> QuerySet[PrintUser]:
    return PrintUser.objects.of(installation.organization).live().filter(source=installation.source)


@transaction.atomic
def _take_turns(installation_id: UUID, failed: set[UUID]) -> int:
    """End the access of the next people whom no other worker has; return how many were looked at.

    Who could not be ended is added to ``failed`` and not looked at again in this round.
    """
    order = Uninstallation.objects.select_related("installation__organization").get(pk=installation_id)
    if order.ended_at or order.people == Disposition.KEEP or order.due_at > timezone.now():
        return 0
    waiting = _people_of(order.installation).exclude(pk__in=failed).order_by("created_at", "id")
    free = waiting.select_for_update(skip_locked=True, no_key=True, of=("self",))
    turn = list(free.select_related("organization")[:CHUNK])
    if order.people == Disposition.REMOVE:  # whose groups all change: the locks of all of them, in one order
        lock_groups(GroupMembership.objects.filter(person__in=turn).values_list("group", flat=True))
    ended = {person.pk for person in turn if _is_ended(person, order)}
    failed.update(person.pk for person in turn if person.pk not in ended)
    PrintUser.objects.filter(pk__in=ended).update(source=CONSOLE)
    # Last: the row is held only until the commit that follows.
    Uninstallation.objects.filter(pk=order.pk).update(done=F("done") + len(ended))
    return len(turn)


def _is_ended(person: PrintUser, order: Uninstallation) -> bool:
    """Whether a person has had their turn; one for whom it fails is tried again later."""
    end = leaving.suspend if order.people == Disposition.SUSPEND else leaving.remove
    try:
        with transaction.atomic():
            end(person, by=order.actor)
    except AlreadyRemoved:
        return True
    except Exception:
        # One person must not keep the others' access alive.
        log.exception("a person's access could not be ended", person=str(person.pk))
        return False
    return True


@transaction.atomic
def _end(installation_id: UUID, failed: set[UUID], *, is_watched: bool) -> None:
    """Close the order when everyone had their turn; what is left of the installation's is the console's.

    Those who have ``failed`` are retried later; after ATTEMPTS rounds they are left to the administrators.
    """
    rows = Uninstallation.objects.select_for_update(of=("self",), no_key=True).filter(ended_at__isnull=True)
    order = rows.select_related("installation__organization").filter(pk=installation_id).first()
    if order is None:
        return
    if order.people == Disposition.KEEP:
        order.done = order.total
    elif failed and order.due_at <= timezone.now():  # otherwise another worker has postponed them already
        _put_off(order, failed)
    left = _people_of(order.installation).exclude(pk__in=list(order.failed))
    if order.people == Disposition.KEEP or not left.exists():
        give_to_console(order.installation.source)
        order.ended_at = timezone.now()
        order.due_at = order.ended_at + LOOK_AGAIN
        if order.reported_at is None:
            order.reported_at = order.ended_at
            if not is_watched:
                key = f"uninstalled:{order.pk}"
                post_about(order.installation, UninstalledMail.name, key=key)
    # Else another worker is at them, or they have another turn.
    order.save(update_fields=["ended_at", "reported_at", "done", "due_at", "attempts", "failed"])


def _put_off(order: Uninstallation, failed: set[UUID]) -> None:
    """Another turn for those who failed, later each time; or none: they become the console's as they are."""
    order.attempts += 1
    if order.attempts < ATTEMPTS:
        order.due_at = timezone.now() + PATIENCE.wait(order.attempts)
        return
    left = _people_of(order.installation).filter(pk__in=failed)
    order.failed |= {str(pk): epoch for pk, epoch in left.values_list("pk", "epoch")}
    log.error("people keep their access", installation=str(order.pk), people=sorted(order.failed))


@transaction.atomic
def _look_again(order: Uninstallation) -> None:
    """Open a finished order once more if something of the installation's came to be after it."""
    # The source of a deleted group only shows who deleted it.
    groups = (
        PrintGroup.objects.of(order.installation.organization)
        .present()
        .filter(source=order.installation.source)
    )
    late = _people_of(order.installation).count()
    again: dict[str, Any] = {"due_at": timezone.now() + LOOK_AGAIN}
    if late or groups.exists():
        log.warning("something came after the uninstalling", installation=str(order.pk), people=late)
        again = {"due_at": timezone.now(), "ended_at": None, "attempts": 0, "total": F("total") + late}
    # No other worker has done so in the meantime.
    Uninstallation.objects.filter(pk=order.pk, due_at=order.due_at).update(**again)
