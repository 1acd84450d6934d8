"""Issuer, subject and audience as an administrator pastes them from Azure."""

import re
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from scim_sync.federation.exceptions import PastedError
from scim_sync.federation.issuers import UUID_TEXT, Issuer, read_issuer

_UUID = re.compile(UUID_TEXT)
# The portal shows the last form, Microsoft's reference the second; tokens were seen with the first.
AUDIENCES: Final = ("{}", "api://{}", "api://{}/.default")
_AUDIENCE = re.compile(rf"({UUID_TEXT})|api://({UUID_TEXT})(?:/\.default)?", re.IGNORECASE)


@dataclass(frozen=True)
class Identity:
    """A workload identity: who issues its assertions, its object id, and the application they are for."""

    issuer: Issuer
    subject: str
    application: str

    @property
    def audiences(self) -> set[str]:
        """What the ``aud`` of its assertions may be."""
        return {spelling.format(self.application) for spelling in AUDIENCES}


def read_identity(issuer: str, subject: str, audience: str) -> Identity:
    """Read all three. Raises PastedError for the first that is wrong, or that is another one's value."""
    identity = Identity(read_issuer(issuer), read_subject(subject), read_audience(audience))
    check_apart(identity)
    return identity


def read_subject(text: str) -> str:
    """Read the object id of the workload identity. Raises PastedError."""
    if not _UUID.fullmatch(text):
        raise PastedError(
            _("Paste the subject exactly as Azure shows it: an ID of 36 characters, with four hyphens.")
        )
    _check_lower(text)
    return text


def read_audience(text: str) -> str:
    """Read the audience, in any of its three spellings, and return the application id in it.

    Raises PastedError.
    """
    match = _AUDIENCE.fullmatch(text)
    if match is None:
        raise PastedError(
            _(
                "Paste the audience as Azure shows it: the application ID, alone or as "
                "api://application ID/.default."
            )
        )
    _check_lower(text)
    return match[1] or match[2]


def check_apart(identity: Identity) -> None:
    """Raise PastedError where one value was pasted into the field of another."""
    if identity.subject == identity.issuer.tenant:
        raise PastedError(_("The subject is your tenant ID. Paste the subject that Azure shows instead."))
    if identity.application == identity.issuer.tenant:
        raise PastedError(_("The audience is your tenant ID. Paste the audience that Azure shows instead."))
    if identity.subject == identity.application:
        raise PastedError(
            _("Subject and audience are the same ID. Azure shows a different one for each: paste both again.")
        )


def _check_lower(text: str) -> None:
    # Entra writes ids in lower case, and they are compared as text.
    if text != text.lower():
        raise PastedError(
            _("It contains capital letters. Paste this instead: %(value)s") % {"value": text.lower()}
        )
