"""Which of a server's addresses a client talks to: the first that takes a connection, and then no other."""

import socket
import time
from collections.abc import Callable, Sequence
from ipaddress import ip_address

from django.utils.translation import gettext_lazy as _

from printmgmt.dialing import dial, look_up
from printmgmt.printing.ipp import errors
from printmgmt.printing.ipp.address import ServerAddress
from printmgmt.printing.ipp.failures import failure

Resolve = Callable[[str, int, float], Sequence[str]]
"""Host, port and seconds → the IP addresses that may be connected to, in the order to try them."""


def every_address(host: str, port: int, seconds: float) -> list[str]:
    """Return all IP addresses of a host. Raises `OSError` if it has none, or none is known in time."""
    return look_up(host, port, within=seconds)


class Route:
    """The way to one server. The name is resolved once: resolved again for each request, it could lead
    elsewhere after it was checked.

    Resolving and the first connection take at most `seconds` together. What may be sent is decided by the
    address of a connection that is there, not by one that was to be tried first.
    """

    def __init__(self, address: ServerAddress, *, resolve: Resolve, seconds: float) -> None:
        self._address = address
        self._resolve = resolve
        self._seconds = seconds
        self._numbers: Sequence[str] | None = None
        self._spent = 0.0
        self._number = ""
        self._first: socket.socket | None = None

    @property
    def number(self) -> str:
        """The IP address that connections go to; connects, the first time. Raises `IppError`."""
        if not self._number:
            numbers = self._found()
            try:
                left = self._seconds - self._spent
                self._first = dial(numbers, self._address.port, within=left)
                self._number = str(self._first.getpeername()[0])
            except OSError as error:
                self._numbers = None  # the next request may find it elsewhere
                raise failure(error, asked=f"connecting to {', '.join(numbers)}") from None
        return self._number

    @property
    def is_loopback(self) -> bool:
        """Whether connections stay within this machine. Raises `IppError`.

        Where no address of the server does, none is connected to.
        """
        if not self._number and not any(ip_address(number).is_loopback for number in self._found()):
            return False
        return ip_address(self.number).is_loopback

    def connect(self, seconds: float) -> socket.socket:
        """Return a new connection; the first one is that by which the address was chosen.

        Raises `OSError`, and `IppError` if there is no address yet.
        """
        number, first = self.number, self._first
        self._first = None
        if first is None:
            return dial([number], self._address.port, within=seconds)
        first.settimeout(seconds)
        return first

    def close(self) -> None:
        """Close what was opened and not used."""
        if self._first is not None:
            self._first.close()
            self._first = None

    def _found(self) -> Sequence[str]:
        if self._numbers is None:
            host, began = self._address.host, time.monotonic()
            try:
                self._numbers = self._resolve(host, self._address.port, self._seconds)
            except OSError as error:
                raise errors.NotNow(
                    _("The print server's name cannot be found."), technical=f"{host}: {error}"
                ) from None
            self._spent = time.monotonic() - began
        return self._numbers
