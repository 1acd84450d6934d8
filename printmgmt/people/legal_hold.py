"""Legal hold: keeps a person's history from being anonymized. It keeps history, not access."""

from django.db import transaction

from printmgmt.audit.actors import Actor
from printmgmt.audit.services import record
from printmgmt.people.models import PersonState, PrintUser
from printmgmt.people.services import lock_person


@transaction.atomic
def set_legal_hold(person: PrintUser, *, reason: str, ticket: str = "", by: Actor) -> bool:
    """Put a person on legal hold; return whether that changed anything.

    Locks and refreshes ``person``. Does nothing for someone who is on hold, or anonymized already.
    ``reason`` and ``ticket`` are kept in the audit log.
    """
    return _write(person, True, "person.hold-set", reason, ticket, by)


@transaction.atomic
def lift_legal_hold(person: PrintUser, *, reason: str, ticket: str = "", by: Actor) -> bool:
    """End a person's legal hold; return whether there was one. Retention applies again from now on."""
    return _write(person, False, "person.hold-lifted", reason, ticket, by)


def _write(person: PrintUser, hold: bool, verb: str, reason: str, ticket: str, by: Actor) -> bool:
    lock_person(person)
    if person.legal_hold == hold or person.state == PersonState.ANONYMISED:
        return False
    person.legal_hold = hold
    person.save(update_fields=["legal_hold"])
    record(
        person.organization,
        verb,
        by=by,
        object_type="person",
        object_id=person.pk,
        label=str(person),
        reason=reason,
        ticket=ticket,
    )
    return True
