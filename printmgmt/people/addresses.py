"""The email addresses of a person, and which of them were typed in the console.

When a person leaves, these addresses decide which console account loses access. An address typed in the
console must not let a directory close an account that the directory does not know. Such addresses are kept
in ``typed_addresses`` until the directory sends them itself.
"""

from collections.abc import Iterable
from contextlib import suppress

from printmgmt.audit.actors import Actor
from printmgmt.audit.models import ActorKind
from printmgmt.organizations.email_addresses import InvalidAddress, normal_address
from printmgmt.people.models import PrintUser

ADDRESS_FIELDS = ("user_name", "work_email")


def addresses_of(person: PrintUser) -> set[str]:
    """Return the addresses under which the person may have an account, spelled as `Account.email` is."""
    return _addresses(person, ADDRESS_FIELDS)


def update_typed_addresses(person: PrintUser, changed: Iterable[str], *, by: Actor) -> None:
    """Update ``typed_addresses`` for the fields that ``by`` changed. Does not save."""
    written = _addresses(person, changed)
    typed = set(person.typed_addresses) - written
    person.typed_addresses = sorted(typed | written if by.kind == ActorKind.ACCOUNT else typed)


def confirm_addresses(person: PrintUser, *fields: str) -> None:
    """Save that a directory sent the addresses in these fields. No query if none of them was typed here."""
    confirmed = _addresses(person, fields)
    if confirmed.intersection(person.typed_addresses):
        person.typed_addresses = sorted(set(person.typed_addresses) - confirmed)
        person.save(update_fields=["typed_addresses"])


def _addresses(person: PrintUser, fields: Iterable[str]) -> set[str]:
    found = set()
    for name in fields:
        if name in ADDRESS_FIELDS:
            with suppress(InvalidAddress):  # a user name need not be an address
                found.add(normal_address(getattr(person, name)))
    return found
