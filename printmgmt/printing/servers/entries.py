"""What an administrator enters about a server, checked without asking the server."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from printmgmt import outbound
from printmgmt.organizations.models import Organization
from printmgmt.printing.ipp.address import ServerAddress
from printmgmt.printing.ipp.client import Login
from printmgmt.printing.ipp.errors import IppError, UnsafeName
from printmgmt.printing.ipp.names import check_name
from printmgmt.printing.models import PrintServer
from printmgmt.printing.servers.connecting import Access, access_to
from printmgmt.printing.servers.exceptions import AddressTaken, InvalidEntry

NAME_LENGTH = 200
ADDRESS_LENGTH = 500
PASSWORD_LENGTH = 500
FINGERPRINT_LENGTH = 64


class Entry(NamedTuple):
    """A server as it was entered."""

    name: str
    access: Access

    @property
    def user_name(self) -> str:
        """The operator; empty where there is no login."""
        return self.access.login.user_name if self.access.login else ""


def read_entry(
    *,
    name: str,
    address: str,
    user_name: str,
    password: str,
    fingerprint: str,
    kept: PrintServer | None = None,
) -> Entry:
    """Return what was entered. Without a ``password`` that of ``kept`` is used, if it may be.

    Raises InvalidEntry for the first field that cannot be used.
    """
    where = read_address(address)
    entered = Login(user_name.strip(), password) if user_name.strip() else None
    login = _checked(entered, where, kept)
    called = name.strip() or where.host
    if len(called) > NAME_LENGTH or not called.isprintable():
        raise InvalidEntry(
            "name", _("Enter a name of at most %(limit)d characters.") % {"limit": NAME_LENGTH}
        )
    return Entry(called, Access(where, login, read_fingerprint(fingerprint) if where.is_tls else ""))


def read_address(text: str) -> ServerAddress:
    """Return the address in its normal form. Raises InvalidEntry, also for one the console may not call."""
    try:
        address = ServerAddress.parse(text)
        outbound.check_literal(address.host, private=True)
    except (ValueError, outbound.Blocked) as error:
        raise InvalidEntry("address", str(error)) from error
    if len(str(address)) > ADDRESS_LENGTH:
        raise InvalidEntry("address", _("This address is too long."))
    return address


def read_fingerprint(text: str) -> str:
    """Return a SHA-256 as 64 small hexadecimal digits, or nothing. Raises InvalidEntry."""
    plain = "".join(text.split()).replace(":", "").lower()
    if plain and (len(plain) != FINGERPRINT_LENGTH or not set(plain) <= set("0123456789abcdef")):
        raise InvalidEntry(
            "fingerprint", _("Enter the SHA-256 fingerprint of the certificate: 64 hexadecimal digits.")
        )
    return plain


def refuse_taken(
    organization: Organization, address: ServerAddress, *, but: PrintServer | None = None
) -> None:
    """Raise AddressTaken if the organization has a server there already, be it under another scheme."""
    others = PrintServer.objects.filter(
        organization=organization, address_key=address.key, removed_at__isnull=True
    )
    if but is not None:
        others = others.exclude(pk=but.pk)
    if (other := others.first()) is not None:
        raise AddressTaken(
            "address",
            _("“%(server)s” already has this address. Edit that server instead.") % {"server": other.name},
        )


def used_elsewhere(organization: Organization, address_key: str) -> bool:
    """Whether another organization has the server at this host and port, too."""
    there = PrintServer.objects.filter(address_key=address_key, removed_at__isnull=True)
    return there.exclude(organization=organization).exists()


def keeps_password(server: PrintServer, address: ServerAddress, user_name: str) -> bool:
    """Whether the stored password may go on being used: it is never sent anywhere it was not entered for.

    Otherwise anyone who may change an address could have the password sent to a machine of theirs.
    """
    same_place = server.address_key == address.key and server.user_name == user_name
    as_safe = address.is_tls or not ServerAddress.parse(server.uri).is_tls
    return bool(server.sealed_secret) and same_place and as_safe


def _checked(login: Login | None, address: ServerAddress, kept: PrintServer | None) -> Login | None:
    if login is None:
        if not address.path:
            raise InvalidEntry("user_name", _("Enter the name of an operator of the print server."))
        return None
    if address.path:
        # CUPS, too, answers there, but only for this queue, and it would never be asked about the login.
        raise InvalidEntry(
            "address",
            _("An operator logs in to a whole CUPS server: enter its address without %(path)s.")
            % {"path": address.path},
        )
    try:
        check_name(login.user_name)
    except UnsafeName as error:
        raise InvalidEntry("user_name", str(error)) from error
    if ":" in login.user_name:
        raise InvalidEntry("user_name", _("The operator's name cannot contain a colon."))
    if len(login.user_name) > NAME_LENGTH:
        raise InvalidEntry("user_name", _("This name is too long."))
    if len(login.password) > PASSWORD_LENGTH or "\0" in login.password:
        raise InvalidEntry(
            "password", _("This password is too long or contains characters that are not allowed.")
        )
    if login.password:
        return login
    if kept is None or not keeps_password(kept, address, login.user_name):
        raise InvalidEntry("password", _("Enter the operator's password."))
    try:
        return access_to(kept).login
    except IppError as error:
        raise InvalidEntry("password", str(error)) from error
