"""Normalizes email addresses, with domains as the mail system reads them."""

import idna
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class InvalidAddress(ValueError):
    """The text is not an email address, or its domain name cannot exist."""

    def __str__(self) -> str:
        return _("Enter a valid email address.")


def normal_address(text: str) -> str:
    """Return the form in which addresses are stored, compared and counted.

    The part before the ``@`` is case-folded, the domain is as in ``mail_address``. Raises InvalidAddress.
    """
    local, _at, domain = mail_address(text).rpartition("@")
    return f"{local.casefold()}@{domain}"


def validate_address(text: str) -> None:
    """Raise ValidationError if ``mail_address`` raises InvalidAddress; for the ``validators`` of forms."""
    try:
        mail_address(text)
    except InvalidAddress as error:
        raise ValidationError(str(error)) from error


def mail_address(text: str) -> str:
    """Return the address to send mail to: its domain in ASCII (IDNA 2008 after the mapping of UTS 46).

    Case folding would turn ``straße.example`` into ``strasse.example``, and so would Django's mail, which
    encodes by IDNA 2003: the domain of someone else. Raises InvalidAddress.
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
