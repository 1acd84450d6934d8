"""What an installation owns in the core: rows whose ``source`` is its own; afterwards the console's."""

from django.db import models, transaction
from django.db.models import Exists, OuterRef

from printmgmt.people.models import CONSOLE, Credential, GroupMembership, GroupNesting, PrintGroup, PrintUser

OWNED: tuple[type[models.Model], ...] = (PrintUser, Credential, PrintGroup)

TIES = ((GroupMembership, ("group", "person")), (GroupNesting, ("parent", "child")))
"""What may be there a second time, said by the console itself; and by what two rows are the same."""


@transaction.atomic
def give_to_console(source: str) -> None:
    """Make everything of this source the console's own. Safe to repeat."""
    for owned in OWNED:
        owned._default_manager.filter(source=source).update(source=CONSOLE)
    for tie, same in TIES:
        rows = tie._default_manager.filter(source=source)
        twin = tie._default_manager.filter(source=CONSOLE, **{name: OuterRef(name) for name in same})
        rows.filter(Exists(twin)).delete()
        rows.update(source=CONSOLE)
