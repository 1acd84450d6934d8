"""What an installation owns in the core: rows whose ``source`` is its own; afterwards the console's."""

from typing import Any

from django.db import models, transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from printmgmt.people.models import (
    CONSOLE,
    Credential,
    GroupMembership,
    GroupNesting,
    PrintAlias,
    PrintGroup,
    PrintUser,
)

OWNED: tuple[models.QuerySet[Any], ...] = (
    PrintUser.objects.all(),
    PrintAlias.objects.all(),
    Credential.objects.all(),
    PrintGroup.objects.present(),  # of a deleted one the source says who deleted it
)

TIES = ((GroupMembership, ("group", "person")), (GroupNesting, ("parent", "child")))
"""What may be there a second time, said by the console itself; and by what two rows are the same."""


@transaction.atomic
def give_to_console(source: str) -> None:
    """Make everything of this source the console's own. Safe to repeat.

    Whom the console allowed against this directory's word is simply active: nobody says otherwise any more.
    """
    allowed = PrintUser.objects.filter(source=source, allowed_at__isnull=False)
    allowed.update(active=True, allowed_at=None, version=F("version") + 1, updated_at=timezone.now())
    for owned in OWNED:
        owned.filter(source=source).update(source=CONSOLE)
    for tie, same in TIES:
        rows = tie._default_manager.filter(source=source)
        twin = tie._default_manager.filter(source=CONSOLE, **{name: OuterRef(name) for name in same})
        rows.filter(Exists(twin)).delete()
        rows.update(source=CONSOLE)
