"""Making and renaming groups. Deleting them: `tombstones`; who is in them: `memberships`."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from printmgmt.audit.actors import Actor
from printmgmt.audit.services import record
from printmgmt.organizations.models import Organization
from printmgmt.people.constraints import violates
from printmgmt.people.exceptions import GroupGone, GroupKept, GroupNameTaken, InvalidName
from printmgmt.people.models import CONSOLE, PrintGroup, PrintUser
from printmgmt.people.names import name_key
from printmgmt.people.services import check_name


@transaction.atomic
def create_group(organization: Organization, display_name: str, *, by: Actor) -> PrintGroup:
    """Make an empty group and return it. Raises GroupNameTaken and InvalidName."""
    now = timezone.now()
    group = PrintGroup(
        organization=organization,
        origin=by.source,
        source=by.source,
        created_at=now,
        updated_at=now,
        **named(display_name),
    )
    with unique(display_name):
        group.save(force_insert=True)
    record_of(group, "group.created", by)
    return group


@transaction.atomic
def rename_group(group: PrintGroup, display_name: str, *, by: Actor) -> bool:
    """Rename a group; whether the name differs at all. Raises GroupNameTaken, InvalidName and GroupGone."""
    old = group.display_name
    if display_name == old:
        return False
    with unique(display_name):
        write_group(group, **named(display_name))
    record_of(group, "group.renamed", by, changes={"display_name": [old, display_name]})
    return True


def write_group(group: PrintGroup, **fields: Any) -> None:
    """Write fields of a group, or none, and raise its version, from what it is by now.

    Raises GroupGone when the group was deleted meanwhile.
    """
    raised = {**fields, "version": F("version") + 1, "updated_at": timezone.now()}
    if not PrintGroup.objects.present().filter(pk=group.pk).update(**raised):
        raise gone(group)
    group.refresh_from_db(fields=list(raised))


def raise_groups_of(person: PrintUser) -> None:
    """Raise the version of the groups in which a directory sees this person appear or vanish.

    ``person`` is locked. What the console put there no directory sees.
    """
    _raise(person.memberships.exclude(source=CONSOLE).values("group"))


def raise_parents_of(group: PrintGroup) -> None:
    """The same for a group in groups."""
    _raise(group.parent_nestings.exclude(source=CONSOLE).values("parent"))


def _raise(ids: QuerySet[Any, Any]) -> None:
    # Locked by id, as everybody locks several groups; in one statement, however many they are.
    locked = PrintGroup.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True)
    PrintGroup.objects.filter(pk__in=locked.values("pk")).update(
        version=F("version") + 1, updated_at=timezone.now()
    )


def lock_groups(ids: Iterable[UUID]) -> set[UUID]:
    """Lock these groups until commit, in the order of their ids as everybody does; return those there are.

    Whole locks: a name is a key, so a weaker one would have to grow for a rename while others wait for it.
    """
    rows = PrintGroup.objects.present().select_for_update().filter(pk__in=set(ids)).order_by("pk")
    return set(rows.values_list("pk", flat=True))


def lock_own_group(group: PrintGroup) -> None:
    """Lock a group that the console is about to rename or delete, and bring it up to date.

    Raises GroupGone, and GroupKept when a directory keeps it, perhaps only since a moment ago.
    """
    present = PrintGroup.objects.present().select_related("organization")
    locked = present.select_for_update(of=("self",), no_key=True)
    try:
        group.refresh_from_db(from_queryset=locked)
    except PrintGroup.DoesNotExist as error:
        raise gone(group) from error
    if group.source != CONSOLE:
        raise GroupKept(
            _("“%(group)s” is kept by its directory. Change it there.") % {"group": group.display_name}
        )


def gone(group: PrintGroup) -> GroupGone:
    """What to raise when a group is found to be deleted."""
    return GroupGone(_("The group “%(group)s” was deleted meanwhile.") % {"group": group.display_name})


def named(display_name: str) -> dict[str, str]:
    """The columns of a name. Raises InvalidName."""
    if not display_name.strip():
        raise InvalidName(_("A group needs a name."))
    check_name(display_name)
    return {"display_name": display_name, "display_name_key": name_key(display_name)}


@contextmanager
def unique(display_name: str) -> Iterator[None]:
    """Raise GroupNameTaken where a write within gives a second group this name."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if violates(error, PrintGroup, "group_name_once"):
            raise GroupNameTaken(
                _("The name “%(name)s” is taken by another group.") % {"name": display_name}
            ) from error
        raise


def record_of(group: PrintGroup, verb: str, by: Actor, **details: Any) -> None:
    """Record what was done to a group."""
    record(
        group.organization,
        verb,
        by=by,
        object_type="group",
        object_id=group.pk,
        label=group.display_name,
        **details,
    )
