"""The e-mail addresses of a person, and who says that they are the person's.

An administrator's console access follows a leaving by them. What somebody typed in the console must not let
a directory's order reach an account that the directory does not know: it is kept apart until the directory
says the address itself.
"""

from collections.abc import Iterable
from contextlib import suppress

from printmgmt.audit.actors import Actor
from printmgmt.audit.models import ActorKind
from printmgmt.organizations.email_addresses import InvalidAddress, normal_address
from printmgmt.people.models import PrintUser

ADDRESS_FIELDS = ("user_name", "work_email")


def addresses_of(person: PrintUser) -> set[str]:
    """Under which addresses the person may have an account, spelled as those of accounts are."""
    return _addresses(person, ADDRESS_FIELDS)


def note_typed(person: PrintUser, changed: Iterable[str], *, by: Actor) -> None:
    """Note on ``person``, without saving, who says the addresses among the fields that were ``changed``."""
    written = _addresses(person, changed)
    typed = set(person.typed_addresses) - written
    person.typed_addresses = sorted(typed | written if by.kind == ActorKind.ACCOUNT else typed)


def vouch(person: PrintUser, *fields: str) -> None:
    """Save that a directory says what these fields hold; no statement where nobody typed it here."""
    confirmed = _addresses(person, fields)
    if confirmed.intersection(person.typed_addresses):
        person.typed_addresses = sorted(set(person.typed_addresses) - confirmed)
        person.save(update_fields=["typed_addresses"])


def _addresses(person: PrintUser, fields: Iterable[str]) -> set[str]:
    found = set()
    for name in fields:
        if name in ADDRESS_FIELDS:
            with suppress(InvalidAddress):  # many a user name is none
                found.add(normal_address(getattr(person, name)))
    return found
