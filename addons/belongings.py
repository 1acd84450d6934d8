"""What an installation owns in the core: rows whose ``source`` is its own; afterwards the console's."""

from itertools import count
from typing import Any

from django.db import models, transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from printmgmt.people.groups import write_group
from printmgmt.people.models import (
    CONSOLE,
    Credential,
    GroupMembership,
    GroupNesting,
    PrintAlias,
    PrintGroup,
    PrintUser,
)
from printmgmt.people.names import NAME_LENGTH, name_key

LONGEST = NAME_LENGTH - 10
"""Letters of a group's name that a number is put behind."""

OWNED: tuple[models.QuerySet[Any], ...] = (
    PrintUser.objects.all(),
    PrintAlias.objects.all(),
    Credential.objects.all(),
    PrintGroup.objects.present(),  # the source of a deleted group shows who deleted it
)

TIES = ((GroupMembership, ("group", "person")), (GroupNesting, ("parent", "child")))
"""Rows that the console may have as well, and the columns by which two of them are the same."""


@transaction.atomic
def give_to_console(source: str) -> None:
    """Make everything of this source the console's own. Safe to repeat.

    People who were allowed although the directory had them disabled become plainly active.
    """
    allowed = PrintUser.objects.filter(source=source, allowed_at__isnull=False)
    allowed.update(active=True, allowed_at=None, version=F("version") + 1, updated_at=timezone.now())
    _rename_duplicate_groups(source)
    for owned in OWNED:
        owned.filter(source=source).update(source=CONSOLE)
    for tie, same in TIES:
        rows = tie._default_manager.filter(source=source)
        twin = tie._default_manager.filter(source=CONSOLE, **{name: OuterRef(name) for name in same})
        rows.filter(Exists(twin)).delete()
        rows.update(source=CONSOLE)


def _rename_duplicate_groups(source: str) -> None:
    """Rename the groups whose name the console has as well: ``Teachers`` becomes ``Teachers (2)``."""
    here = PrintGroup.objects.present()
    twin = here.filter(
        organization=OuterRef("organization"), source=CONSOLE, display_name_key=OuterRef("display_name_key")
    )
    for group in here.filter(Exists(twin), source=source).order_by("pk"):
        of_both = here.filter(organization=group.organization_id, source__in=[source, CONSOLE])
        taken = set(of_both.values_list("display_name_key", flat=True))
        names = (f"{group.display_name[:LONGEST]} ({number})" for number in count(2))
        name = next(name for name in names if name_key(name) not in taken)
        write_group(group, display_name=name, display_name_key=name_key(name))
