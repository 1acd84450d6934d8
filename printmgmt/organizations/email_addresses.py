"""E-mail addresses: one spelling for each, with the domain the mail system means."""

import idna
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class InvalidAddress(ValueError):
    """Not an e-mail address, or one with a domain name that cannot exist."""

    def __str__(self) -> str:
        return _("Enter a valid email address.")


def normal_address(text: str) -> str:
    """The form under which accounts and invitations are kept, compared and counted.

    The part before the ``@`` is case-folded, the domain is as in ``mail_address``. Raises InvalidAddress.
    """
    local, _at, domain = mail_address(text).rpartition("@")
    return f"{local.casefold()}@{domain}"


def validate_address(text: str) -> None:
    """For a form's ``validators``: Raises ValidationError where ``mail_address`` raises InvalidAddress."""
    try:
        mail_address(text)
    except InvalidAddress as error:
        raise ValidationError(str(error)) from error


def mail_address(text: str) -> str:
    """The address a mail must be sent to: its domain in ASCII (IDNA 2008 after the mapping of UTS 46).

    Case folding would turn ``straße.example`` into ``strasse.example``, and so would Django's mail, which
    encodes by IDNA 2003: the domain of somebody else. Raises InvalidAddress.
    """
    local, _at, domain = text.strip().rpartition("@")
    if not local or not domain or not local.isprintable():  # a line break in it would be a header
        raise InvalidAddress(text)
    if domain.isascii():
        return f"{local}@{domain.lower()}"
    try:
        return f"{local}@{idna.encode(domain, uts46=True).decode('ascii')}"
    except idna.IDNAError as error:  # a UnicodeError, which is a ValueError
        raise InvalidAddress(text) from error
