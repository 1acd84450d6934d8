"""Checks https addresses: none may be inside the host's own network, unless the host allows it.

An administrator of an organization enters the address, but the console's host connects to it. So the name is
resolved once, all results are checked, and the connection uses a checked address. A name that resolves
differently a moment later (DNS rebinding) has no effect.
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
"""The well-known prefix (RFC 6052); a local one (64:ff9b:1::/48) leads into a private network."""


@dataclass(frozen=True)
class Target:
    """The parts of an https address. ``path`` includes the query."""

    host: str
    port: int
    path: str

    @property
    def name(self) -> str:
        """Host and port without path and query, which may hold secrets: for history and errors."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == HTTPS_PORT else f"{host}:{self.port}"


def parse(address: str) -> Target:
    """Parse an address. Raises DeliveryError unless it is https with a host and without unusual parts."""
    refused = DeliveryError(
        _("Enter an address such as https://hr.contoso.example/people, without user, password or “#”."),
        permanent=True,
    )
    # Blanks, control characters and non-ASCII letters could be read as different hosts by different parsers.
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
    """Raise DeliveryError for addresses that are invalid without asking DNS; for the settings form."""
    target = parse(address)
    try:
        literal = ip_address(target.host)
    except ValueError:
        return
    _refuse_private([literal])


def resolve(target: Target) -> list[str]:
    """Return the IP addresses of the host. Raises DeliveryError if any of them is not allowed."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        message = _("The host name %(host)s was not found.") % {"host": target.host}
        raise DeliveryError(message, permanent=False) from error
    # A scope ("fe80::1%eth0") is no part of the address.
    numbers = list(dict.fromkeys(str(sockaddr[0]).partition("%")[0] for *_rest, sockaddr in found))
    _refuse_private([ip_address(number) for number in numbers])
    return numbers


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether the address is on the public internet.

    For IPv6, these are addresses in 2000::/3 and those with a public IPv4 address (mapped, NAT64, 6to4), but
    not Teredo, whose IPv4 address is behind a router.
    """
    if isinstance(address, IPv4Address):
        return address.is_global and not address.is_multicast and address not in RELAYS
    inner = _inner(address)
    if inner is not None:
        return is_public(inner)
    return address in GLOBAL_UNICAST and address not in EXAMPLES and address.is_global and not address.teredo


def _inner(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that receives packets to this address, or None."""
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def _refuse_private(addresses: list[IPv4Address | IPv6Address]) -> None:
    if not settings.EXPORT_ALLOW_PRIVATE and not all(map(is_public, addresses)):
        raise DeliveryError(
            _("The address is in a private network, which the host does not allow."), permanent=True
        )
