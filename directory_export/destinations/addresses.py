"""Which https addresses may be called: none inside the host's own network, unless the host allows it.

An administrator of one organization writes the address, the console's host makes the call. So the name is
resolved once, every answer is checked, and the connection goes to an address that was checked: a name that
resolves differently a moment later gains nothing.
"""

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from directory_export.destinations.exceptions import DeliveryError

HTTPS_PORT = 443
NAT64 = IPv6Network("64:ff9b::/96")


@dataclass(frozen=True)
class Target:
    """An https address in its parts; ``path`` with the query."""

    host: str
    port: int
    path: str

    @property
    def name(self) -> str:
        """Host and port without path and query, which may hold secrets: for history and errors."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == HTTPS_PORT else f"{host}:{self.port}"


def parse(address: str) -> Target:
    """Take an address apart. Raises DeliveryError unless it is https with a host and nothing odd."""
    refused = DeliveryError(
        _("Write an address such as https://hr.contoso.example/people, without user, password and “#”."),
        permanent=True,
    )
    # Blanks, control characters and letters beyond ASCII could mean one host here and another one there.
    if not address.isascii() or any(not "!" <= character <= "~" for character in address) or "\\" in address:
        raise refused
    try:
        parts = urlsplit(address)
        port = HTTPS_PORT if parts.port is None else parts.port
    except ValueError as error:
        raise refused from error
    if parts.scheme != "https" or not parts.hostname or port == 0 or "@" in parts.netloc or "#" in address:
        raise refused
    return Target(parts.hostname, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def check_literal(address: str) -> None:
    """Refuse what can be refused without asking DNS; for the settings form. Raises DeliveryError."""
    target = parse(address)
    try:
        literal = ip_address(target.host)
    except ValueError:
        return
    _refuse_private([literal])


def resolve(target: Target) -> list[str]:
    """The numeric addresses of the host, all of them allowed. Raises DeliveryError."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        message = _("The name %(host)s is not known.") % {"host": target.host}
        raise DeliveryError(message, permanent=False) from error
    # A scope ("fe80::1%eth0") is no part of the address.
    numbers = list(dict.fromkeys(str(sockaddr[0]).partition("%")[0] for *_rest, sockaddr in found))
    _refuse_private([ip_address(number) for number in numbers])
    return numbers


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether the address is one of the internet's; an IPv4 address inside an IPv6 one counts as itself."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if address.teredo or (inner is not None and not is_public(inner)):
            return False
        if inner is not None:
            return True
    return address.is_global and not address.is_multicast


def _refuse_private(addresses: list[IPv4Address | IPv6Address]) -> None:
    if not settings.EXPORT_ALLOW_PRIVATE and not all(map(is_public, addresses)):
        raise DeliveryError(
            _("The address lies in a private network; the host does not allow that."), permanent=True
        )
