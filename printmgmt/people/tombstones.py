"""Deleted groups: kept for a while, unseen, so that they can come back; then erased.

Whoever deletes a group, its row stays with the rows of others in it, as a tombstone. A directory that deletes
takes its own rows away: if it makes the group again, it says who is in it.
"""

from collections.abc import Iterable
from datetime import datetime
from operator import itemgetter

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from printmgmt.audit.actors import Actor, system
from printmgmt.people.groups import gone, named, raise_parents_of, record_of, unique
from printmgmt.people.models import CONSOLE, GroupNesting, PrintGroup

CHUNK = 50
"""Groups erased in one transaction."""


@transaction.atomic
def remove_group(group: PrintGroup, *, until: datetime, by: Actor) -> None:
    """Delete a group; until then it can come back. Nothing happens to one that is deleted already.

    The people stay. ``group`` is brought up to date.
    """
    locked = PrintGroup.objects.present().select_for_update(no_key=True).filter(pk=group.pk).first()
    if locked is None:
        return
    raise_parents_of(group)
    if by.source != CONSOLE:
        group.memberships.filter(source=by.source).delete()
        GroupNesting.objects.filter(Q(parent=group) | Q(child=group), source=by.source).delete()
    _write(group, removed_at=timezone.now(), kept_until=until, source=by.source)
    record_of(group, "group.deleted", by)


@transaction.atomic
def restore_group(group: PrintGroup, *, by: Actor, display_name: str = "") -> None:
    """Bring a deleted group back as ``by``'s own, with the rows that waited, under its or another name.

    Raises GroupGone when it is here or erased by now, GroupNameTaken and InvalidName.
    """
    removed = PrintGroup.objects.removed().filter(kept_until__gt=timezone.now())
    if not removed.select_for_update(no_key=True).filter(pk=group.pk).exists():
        raise gone(group)
    name = display_name or group.display_name
    with unique(name):
        _write(group, removed_at=None, kept_until=None, source=by.source, **named(name))
    raise_parents_of(group)
    record_of(group, "group.restored", by)


def last_removed(groups: Iterable[PrintGroup]) -> PrintGroup | None:
    """Of these groups the one that a directory deleted last and that can still come back; None without one.

    What was deleted in the console comes back there only.
    """
    now = timezone.now()
    removed = [
        (group.removed_at, group)
        for group in groups
        if group.removed_at and group.kept_until and group.kept_until > now and group.source != CONSOLE
    ]
    return max(removed, key=itemgetter(0))[1] if removed else None


def erase_groups() -> int:
    """Erase the groups whose time is over, with all their rows; return how many. Safe to run anywhere."""
    erased = 0
    while turn := _erase_some():
        erased += turn
    return erased


@transaction.atomic
def _erase_some() -> int:
    over = PrintGroup.objects.removed().filter(kept_until__lte=timezone.now()).order_by("pk")
    free = over.select_for_update(skip_locked=True, of=("self",))
    groups = list(free.select_related("organization")[:CHUNK])
    for group in groups:
        record_of(group, "group.erased", system("leavers"))
    PrintGroup.objects.filter(pk__in=[group.pk for group in groups]).delete()
    return len(groups)


def _write(group: PrintGroup, **fields: object) -> None:
    raised = {**fields, "version": F("version") + 1, "updated_at": timezone.now()}
    PrintGroup.objects.filter(pk=group.pk).update(**raised)
    group.refresh_from_db(fields=list(raised))
