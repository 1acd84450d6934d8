"""Connects to print servers: with the login that is kept for them, and only where the console may go."""

import ssl
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from printmgmt import outbound
from printmgmt.printing.ipp.address import ServerAddress
from printmgmt.printing.ipp.client import Client, Limits, Login
from printmgmt.printing.ipp.errors import Forbidden, NotNow
from printmgmt.printing.models import PrintServer
from printmgmt.secret_box import SecretBox, Unreadable

BOX: Final = SecretBox("print-server")

WHILE_SOMEBODY_WAITS: Final = Limits(connect=3.0, answer=8.0)
"""For what a person asks and waits for: a wrong password alone takes cupsd two seconds."""


class AddressBlocked(Forbidden):
    """The console may not connect to this address (printmgmt/outbound.py)."""


class PasswordLost(Forbidden):
    """The operator's password cannot be read any more. Set it again."""


class Access(NamedTuple):
    """What it takes to connect to a server. ``login`` is None for a printer that is not CUPS."""

    address: ServerAddress
    login: Login | None = None
    fingerprint: str = ""

    def client(self, limits: Limits | None = None) -> Client:
        """Return a client, to be closed. Connects with its first request."""
        return Client(
            self.address,
            login=self.login,
            fingerprint=self.fingerprint,
            ca_file=ssl.get_default_verify_paths().cafile or "",
            resolve=_resolve,
            limits=limits,
        )


def client_for(server: PrintServer, *, limits: Limits | None = None) -> Client:
    """Return a client of a server, with the operator's login; a context manager that closes it.

    Raises PasswordLost, and Forbidden once the server was removed. Every request of the client raises
    AddressBlocked where the console may not go (any more).
    """
    return access_to(server).client(limits)


def access_to(server: PrintServer) -> Access:
    """Return what is kept of a server to connect to it. Raises as `client_for`."""
    if server.removed_at is not None:
        raise Forbidden(_("The print server was removed from the console."))
    return Access(ServerAddress.parse(server.uri), _login(server), server.fingerprint)


def _login(server: PrintServer) -> Login | None:
    if not server.user_name:
        return None
    try:
        return Login(server.user_name, BOX.open(server.sealed_secret))
    except Unreadable as error:
        raise PasswordLost(
            _("The operator's password can no longer be decrypted. Enter it again.")
        ) from error


def _resolve(host: str, port: int, seconds: float) -> list[str]:
    try:
        return outbound.resolve(host, port, private=True, within=seconds)
    except outbound.Blocked as error:
        raise AddressBlocked(str(error)) from error
    except outbound.NameNotFound as error:
        raise NotNow(str(error)) from error
