"""Deletes groups softly, restores them, and erases them once ``kept_until`` has passed.

A deleted group keeps its memberships, for when it is restored. If a directory deletes the group, its own
memberships are deleted as well: a directory that creates the group again sends its members.
"""

from collections.abc import Iterable
from datetime import datetime
from operator import itemgetter

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from printmgmt.audit.actors import Actor, system
from printmgmt.people.groups import bump_parents_of, group_gone, name_columns, record_group, unique_group_name
from printmgmt.people.models import CONSOLE, GroupNesting, PrintGroup

CHUNK = 50
"""Groups erased in one transaction."""


@transaction.atomic
def remove_group(group: PrintGroup, *, until: datetime, by: Actor) -> None:
    """Delete a group, but keep it until ``until`` so that it can be restored. Does nothing if it is deleted.

    The people in it stay. Refreshes ``group``.
    """
    locked = PrintGroup.objects.present().select_for_update(no_key=True).filter(pk=group.pk).first()
    if locked is None:
        return
    bump_parents_of(group)
    if by.source != CONSOLE:
        group.memberships.filter(source=by.source).delete()
        GroupNesting.objects.filter(Q(parent=group) | Q(child=group), source=by.source).delete()
    _write(group, removed_at=timezone.now(), kept_until=until, source=by.source)
    record_group(group, "group.deleted", by)


@transaction.atomic
def restore_group(group: PrintGroup, *, by: Actor, display_name: str = "") -> None:
    """Restore a deleted group with the memberships it kept; ``by`` becomes its source.

    ``display_name`` renames it. Raises GroupGone when it is not deleted or was erased, GroupNameTaken and
    InvalidName.
    """
    removed = PrintGroup.objects.removed().filter(kept_until__gt=timezone.now())
    if not removed.select_for_update(no_key=True).filter(pk=group.pk).exists():
        raise group_gone(group)
    name = display_name or group.display_name
    with unique_group_name(name):
        _write(group, removed_at=None, kept_until=None, source=by.source, **name_columns(name))
    bump_parents_of(group)
    record_group(group, "group.restored", by)


def last_removed(groups: Iterable[PrintGroup]) -> PrintGroup | None:
    """Return the group that a directory deleted last and that can still be restored, or None.

    Groups deleted in the console are restored only there.
    """
    now = timezone.now()
    removed = [
        (group.removed_at, group)
        for group in groups
        if group.removed_at and group.kept_until and group.kept_until > now and group.source != CONSOLE
    ]
    return max(removed, key=itemgetter(0))[1] if removed else None


def erase_groups() -> int:
    """Erase groups whose ``kept_until`` has passed, with all their rows; return how many."""
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
        record_group(group, "group.erased", system("leavers"))
    PrintGroup.objects.filter(pk__in=[group.pk for group in groups]).delete()
    return len(groups)


def _write(group: PrintGroup, **fields: object) -> None:
    raised = {**fields, "version": F("version") + 1, "updated_at": timezone.now()}
    PrintGroup.objects.filter(pk=group.pk).update(**raised)
    group.refresh_from_db(fields=list(raised))
