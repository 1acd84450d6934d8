"""Saves cards and PINs that a directory sends, and describes the change without the number."""

from typing import Final

from printmgmt.people import credentials
from printmgmt.people.models import Credential, CredentialKind, PrintUser
from scim_sync.credentials.calls import Call
from scim_sync.protocol.differences import Difference
from scim_sync.protocol.schemas import PRINTMGMT_USER
from scim_sync.provisioning_log.masking import MASK

CARD: Final = f"{PRINTMGMT_USER}:cardNumber"
PIN: Final = f"{PRINTMGMT_USER}:pin"


def save_credential(person: PrintUser, path: str, value: str | None, call: Call) -> Difference | None:
    """Set the card or PIN of ``path``, or revoke it if ``value`` is None; return the change, if any.

    Raises PersonGone, InvalidName, CardTaken.
    """
    kind = CredentialKind.CARD if path == CARD else CredentialKind.PIN
    held = list(Credential.objects.filter(person=person, kind=kind, revoked_at__isnull=True))
    # A card replaces only the card of this directory; a PIN replaces any PIN.
    is_only = kind == CredentialKind.PIN and value is not None
    replaced = next((one for one in held if is_only or one.source == call.actor.source), None)
    if value is None:
        credentials.revoke_all(person, kind, by=call.actor)
        return Difference(path, _masked(replaced), None) if replaced else None
    give = credentials.set_card if kind == CredentialKind.CARD else credentials.set_pin
    given = give(person, value, by=call.actor)
    if given in held:
        return None
    return Difference(path, _masked(replaced) if replaced else None, _masked(given))


def _masked(credential: Credential) -> str:
    return f"…{credential.last4}" if credential.last4 else MASK
