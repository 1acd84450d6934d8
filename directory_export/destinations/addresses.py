"""Which https addresses may be called: none inside the host's own network, unless the host allows it.

An administrator of one organization writes the address, the console's host makes the call. So the name is
resolved once, every answer is checked, and the connection goes to an address that was checked: a name that
resolves differently a moment later gains nothing.
"""

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from directory_export.destinations.exceptions import DeliveryError

HTTPS_PORT = 443
# Two that Python does not know yet: relays of 6to4 (RFC 7526), and documentation (RFC 9637).
RELAYS = IPv4Network("192.88.99.0/24")
EXAMPLES = IPv6Network("3fff::/20")
GLOBAL_UNICAST = IPv6Network("2000::/3")
NAT64 = IPv6Network("64:ff9b::/96")
"""The well-known prefix (RFC 6052); a local one (64:ff9b:1::/48) leads into somebody's own network."""


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
    """Whether the address is one of the internet's.

    Of IPv6 that is what 2000::/3 assigns, and what holds a public IPv4 address: mapped, by NAT64 or 6to4.
    Teredo is not: its IPv4 address is one behind somebody's router.
    """
    if isinstance(address, IPv4Address):
        return address.is_global and not address.is_multicast and address not in RELAYS
    inner = _inner(address)
    if inner is not None:
        return is_public(inner)
    return address in GLOBAL_UNICAST and address not in EXAMPLES and address.is_global and not address.teredo


def _inner(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address a packet to this one would end at."""
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def _refuse_private(addresses: list[IPv4Address | IPv6Address]) -> None:
    if not settings.EXPORT_ALLOW_PRIVATE and not all(map(is_public, addresses)):
        raise DeliveryError(
            _("The address lies in a private network; the host does not allow that."), permanent=True
        )
