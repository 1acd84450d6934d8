"""What a leaving would do on print servers to one person, in the question before it."""

from printmgmt.deprovisioning.foreseen import Effect
from printmgmt.deprovisioning.models import LeavingPolicy, Trigger
from printmgmt.deprovisioning.preview import preview_leaving
from printmgmt.organizations.models import Administrator
from printmgmt.people.models import PrintUser

_SAID = (Effect.HELD, Effect.CLOSED, Effect.CANCELED)
"""The question says the others in words of its own."""


def foreseen_words(person: PrintUser, *, by: Administrator, policy: LeavingPolicy) -> str:
    """Return how many jobs a leaving would affect, as last read of the servers; empty for none.

    Two statements.
    """
    people = PrintUser.objects.of(by.organization).filter(pk=person.pk)
    preview = preview_leaving(people, Trigger.REMOVED, by=by, policy=policy)
    found = preview.people.first()
    if found is None:
        return ""
    said = [effect for effect in preview.effects if effect in _SAID and effect.number(found)]
    return f"{', '.join(f'{effect.label}: {effect.number(found)}' for effect in said)}." if said else ""
