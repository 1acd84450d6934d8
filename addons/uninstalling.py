"""What becomes of an uninstalled add-on's people: the row is the order, carried out a chunk at a time.

Whoever had no turn yet still carries the installation's ``source``: so nothing is done twice, several workers
share the work, and one that dies is followed by another where it stopped.
"""

import time
from functools import partial
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from addons.base import Disposition
from addons.belongings import give_to_console
from addons.models import Installation, Uninstallation
from addons.notices import tell_of_uninstalled
from addons.nudges import nudge
from printmgmt.audit.actors import Actor
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.console_access import may_end_console_access
from printmgmt.deprovisioning.exceptions import AlreadyRemoved
from printmgmt.people.models import CONSOLE, PrintUser

log = structlog.get_logger(__name__)

AT_ONCE = 200
"""So many people have their turn before the administrator's page answers; more wait for a worker."""

CHUNK = 50
"""People a transaction: their rows are locked for half a second or so."""

WORKERS = 4
"""Asked to work at one order side by side; it takes as many as there are."""

ENOUGH = 5.0
"""Seconds after which a call goes home, so that no worker is kept from the steps of single leavers."""


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
        carry_out(installation.pk)
        Uninstallation.objects.filter(pk=made.pk, ended_at__isnull=False).update(told_at=timezone.now())
    # robust: a broker that is down must not turn a committed change into an error.
    transaction.on_commit(partial(_go_on, installation.pk), robust=True)
    return made


def carry_out(installation_id: UUID) -> bool:
    """Go on with one order for some seconds; return whether there may be more. Any number may work at it."""
    home_time = time.monotonic() + ENOUGH
    failed: set[UUID] = set()
    while time.monotonic() < home_time:
        if not _take_turns(installation_id, failed):
            _end(installation_id)
            return False
    return True


def sweep() -> None:
    """Go on with every order that is open, and tell of those that are done. Safe to run anywhere."""
    waiting = Uninstallation.objects.filter(told_at__isnull=True).order_by("ordered_at")
    for installation_id in waiting.filter(ended_at__isnull=True).values_list("pk", flat=True):
        carry_out(installation_id)
    done = waiting.filter(ended_at__isnull=False).select_related("installation__organization")
    for uninstallation in done:
        if tell_of_uninstalled(uninstallation):
            Uninstallation.objects.filter(pk=uninstallation.pk).update(told_at=timezone.now())


def _go_on(installation_id: UUID) -> None:
    if Uninstallation.objects.filter(pk=installation_id, ended_at__isnull=True).exists():
        for _worker in range(WORKERS):
            nudge(installation_id)


def _people_of(installation: Installation) -> QuerySet[PrintUser]:
    return PrintUser.objects.of(installation.organization).live().filter(source=installation.source)


@transaction.atomic
def _take_turns(installation_id: UUID, failed: set[UUID]) -> int:
    """End the access of the next people whom no other worker has; return how many were looked at.

    Who could not be ended is added to ``failed`` and not looked at again: the next sweep will.
    """
    order = Uninstallation.objects.select_related("installation__organization").get(pk=installation_id)
    if order.ended_at or order.people == Disposition.KEEP:
        return 0
    waiting = _people_of(order.installation).exclude(pk__in=failed).order_by("created_at", "id")
    free = waiting.select_for_update(skip_locked=True, no_key=True, of=("self",))
    turn = list(free.select_related("organization")[:CHUNK])
    ended = {person.pk for person in turn if _is_ended(person, order)}
    failed.update(person.pk for person in turn if person.pk not in ended)
    PrintUser.objects.filter(pk__in=ended).update(source=CONSOLE)
    # Last: the row is held only until the commit that follows.
    Uninstallation.objects.filter(pk=order.pk).update(done=F("done") + len(ended))
    return len(turn)


def _is_ended(person: PrintUser, order: Uninstallation) -> bool:
    """Whether a person has had their turn; one for whom it fails is tried again by the next sweep."""
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
def _end(installation_id: UUID) -> None:
    """Close the order when everybody had their turn; what is left of the installation's is the console's."""
    rows = Uninstallation.objects.select_for_update(of=("self",), no_key=True).filter(ended_at__isnull=True)
    order = rows.select_related("installation__organization").filter(pk=installation_id).first()
    if order is None:
        return
    if order.people == Disposition.KEEP:
        order.done = order.total
    elif _people_of(order.installation).exists():  # another worker is at them, or they failed
        return
    give_to_console(order.installation.source)
    order.ended_at = timezone.now()
    order.save(update_fields=["ended_at", "done"])
