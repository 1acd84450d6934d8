"""Creates and renames groups. `tombstones` deletes them, `memberships` changes who is in them."""

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
    """Create an empty group and return it. Raises GroupNameTaken and InvalidName."""
    now = timezone.now()
    group = PrintGroup(
        organization=organization,
        origin=by.source,
        source=by.source,
        created_at=now,
        updated_at=now,
        **name_columns(display_name),
    )
    with unique_group_name(display_name):
        group.save(force_insert=True)
    record_group(group, "group.created", by)
    return group


@transaction.atomic
def rename_group(group: PrintGroup, display_name: str, *, by: Actor) -> bool:
    """Rename a group; return whether the name changed. Raises GroupNameTaken, InvalidName and GroupGone."""
    old = group.display_name
    if display_name == old:
        return False
    with unique_group_name(display_name):
        write_group(group, **name_columns(display_name))
    record_group(group, "group.renamed", by, changes={"display_name": [old, display_name]})
    return True


def write_group(group: PrintGroup, **fields: Any) -> None:
    """Save these fields of a group (perhaps none) and increase its version in the database.

    Raises GroupGone when the group was deleted in the meantime.
    """
    raised = {**fields, "version": F("version") + 1, "updated_at": timezone.now()}
    if not PrintGroup.objects.present().filter(pk=group.pk).update(**raised):
        raise group_gone(group)
    group.refresh_from_db(fields=list(raised))


def bump_groups_of(person: PrintUser) -> None:
    """Increase the version of the groups in which a directory sees this person appear or disappear.

    Call with ``person`` locked. Directories do not see members that the console added.
    """
    _bump(person.memberships.exclude(source=CONSOLE).values("group"))


def bump_parents_of(group: PrintGroup) -> None:
    """Increase the version of the groups in which a directory sees this group appear or disappear."""
    _bump(group.parent_nestings.exclude(source=CONSOLE).values("parent"))


def _bump(ids: QuerySet[Any, Any]) -> None:
    # One statement for any number of groups. Locked in the order of ids, as everywhere (ADR 21).
    locked = PrintGroup.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True)
    PrintGroup.objects.filter(pk__in=locked.values("pk")).update(
        version=F("version") + 1, updated_at=timezone.now()
    )


def lock_groups(ids: Iterable[UUID]) -> set[UUID]:
    """Lock these groups until commit, in the order of their ids; return the ids that exist.

    Takes full locks: a name is a key, so a rename would have to upgrade a weaker lock while others wait.
    """
    rows = PrintGroup.objects.present().select_for_update().filter(pk__in=set(ids)).order_by("pk")
    return set(rows.values_list("pk", flat=True))


def lock_own_group(group: PrintGroup) -> None:
    """Lock a group that the console is about to rename or delete, and refresh it.

    Raises GroupGone, and GroupKept when a directory manages it, even if only since a moment ago.
    """
    present = PrintGroup.objects.present().select_related("organization")
    locked = present.select_for_update(of=("self",), no_key=True)
    try:
        group.refresh_from_db(from_queryset=locked)
    except PrintGroup.DoesNotExist as error:
        raise group_gone(group) from error
    if group.source != CONSOLE:
        raise GroupKept(
            _("“%(group)s” is managed by its directory. Change it there.") % {"group": group.display_name}
        )


def group_gone(group: PrintGroup) -> GroupGone:
    """Return the GroupGone to raise for a deleted group."""
    return GroupGone(_("The group “%(group)s” was deleted in the meantime.") % {"group": group.display_name})


def name_columns(display_name: str) -> dict[str, str]:
    """Return the name columns and their values. Raises InvalidName."""
    if not display_name.strip():
        raise InvalidName(_("A group needs a name."))
    check_name(display_name)
    return {"display_name": display_name, "display_name_key": name_key(display_name)}


@contextmanager
def unique_group_name(display_name: str) -> Iterator[None]:
    """Raise GroupNameTaken if a write inside the block gives a second group of one source this name."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if violates(error, PrintGroup, "group_name_once"):
            raise GroupNameTaken(
                _("Another group already has the name “%(name)s”.") % {"name": display_name}
            ) from error
        raise


def record_group(group: PrintGroup, verb: str, by: Actor, **details: Any) -> None:
    """Record an audit event about a group."""
    record(
        group.organization,
        verb,
        by=by,
        object_type="group",
        object_id=group.pk,
        label=group.display_name,
        **details,
    )
