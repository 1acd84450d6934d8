"""Making, renaming and deleting groups. Who is in them: `printmgmt.people.memberships`."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from printmgmt.audit.actors import Actor
from printmgmt.audit.services import record
from printmgmt.organizations.models import Organization
from printmgmt.people.constraints import violates
from printmgmt.people.exceptions import GroupNameTaken, InvalidName
from printmgmt.people.models import PrintGroup
from printmgmt.people.names import name_key
from printmgmt.people.services import check_name


@transaction.atomic
def create_group(organization: Organization, display_name: str, *, by: Actor) -> PrintGroup:
    """Make an empty group and return it. Raises GroupNameTaken and InvalidName."""
    now = timezone.now()
    group = PrintGroup(
        organization=organization, origin=by.source, source=by.source, created_at=now, updated_at=now
    )
    _name(group, display_name)
    _save(group, force_insert=True)
    _record(group, "group.created", by)
    return group


@transaction.atomic
def rename_group(group: PrintGroup, display_name: str, *, by: Actor) -> bool:
    """Rename a group whose row the caller has locked; whether the name differs at all.

    Raises GroupNameTaken and InvalidName.
    """
    old = group.display_name
    if display_name == old:
        return False
    _name(group, display_name)
    group.version += 1
    group.updated_at = timezone.now()
    _save(group, update_fields=["display_name", "display_name_key", "version", "updated_at"])
    _record(group, "group.renamed", by, changes={"display_name": [old, display_name]})
    return True


@transaction.atomic
def delete_group(group: PrintGroup, *, by: Actor) -> None:
    """Delete a group and who was in it; the people stay."""
    # Under lock, so that nobody is put into it meanwhile (memberships.change_members ends at its row).
    locked = PrintGroup.objects.select_for_update().filter(pk=group.pk).first()
    if locked is None:
        return
    _record(locked, "group.deleted", by)
    locked.delete()


def _name(group: PrintGroup, display_name: str) -> None:
    if not display_name.strip():
        raise InvalidName(_("A group needs a name."))
    check_name(display_name)
    group.display_name = display_name
    group.display_name_key = name_key(display_name)


def _save(group: PrintGroup, **options: Any) -> None:
    try:
        with transaction.atomic():
            group.save(**options)
    except IntegrityError as error:
        if violates(error, PrintGroup, "group_name_once"):
            raise GroupNameTaken(
                _("The name “%(name)s” is taken by another group.") % {"name": group.display_name}
            ) from error
        raise


def _record(group: PrintGroup, verb: str, by: Actor, **details: Any) -> None:
    record(
        group.organization,
        verb,
        by=by,
        object_type="group",
        object_id=group.pk,
        label=group.display_name,
        **details,
    )
