"""Which addresses the console may call.

An administrator of an organization enters an address, but the console's host connects to it. So a name is
resolved once, each result is checked, and the connection goes to an address that passed. A name that resolves
differently a moment later (DNS rebinding) has no effect.

Public addresses may be called, private networks where the caller says so. The host's own machine, link-local
addresses, where clouds keep credentials, and everything else that is neither: only where the host itself
names them in ``OUTBOUND_ALLOW``.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.utils.translation import gettext as _

from printmgmt.dialing import look_up

Address = IPv4Address | IPv6Address

PRIVATE = (
    IPv4Network("10.0.0.0/8"),
    IPv4Network("172.16.0.0/12"),
    IPv4Network("192.168.0.0/16"),
    IPv4Network("100.64.0.0/10"),  # shared by carriers and overlay networks, RFC 6598
    IPv6Network("fc00::/7"),
)
METADATA = (
    # Where clouds tell a machine its credentials, beside 169.254.169.254:
    # Azure, Alibaba, Oracle, AWS, Google.
    ip_address("168.63.129.16"),
    ip_address("100.100.100.200"),
    ip_address("192.0.0.192"),
    ip_address("fd00:ec2::254"),
    ip_address("fd20:ce::254"),
)
# Two that Python does not know yet: relays of 6to4 (RFC 7526), and documentation (RFC 9637).
RELAYS = IPv4Network("192.88.99.0/24")
EXAMPLES = IPv6Network("3fff::/20")
GLOBAL_UNICAST = IPv6Network("2000::/3")
NAT64 = IPv6Network("64:ff9b::/96")
"""The well-known prefix (RFC 6052); a local one (64:ff9b:1::/48) leads into a private network."""


class Blocked(Exception):
    """The console may not call this address. ``str()`` is a translated sentence."""


class NameNotFound(OSError):
    """No address is known for a name, now. ``str()`` is a translated sentence."""


def resolve(host: str, port: int, *, private: bool, within: float) -> list[str]:
    """Return the IP addresses of a host that may be called; ``private``: those of private networks may, too.

    Others are left out: many hosts announce link-local addresses beside their own. Raises Blocked if the host
    has no others, and NameNotFound if it has none, or none is known after ``within`` seconds.
    """
    try:
        found = look_up(host, port, within=within)
    except TimeoutError as error:
        raise NameNotFound(
            _("The host name %(host)s could not be looked up in time.") % {"host": host}
        ) from error
    except OSError as error:
        raise NameNotFound(_("The host name %(host)s was not found.") % {"host": host}) from error
    refusals = {number: _refusal(ip_address(number), private=private) for number in found}
    permitted = [number for number, refusal in refusals.items() if not refusal]
    if not permitted:
        raise Blocked(next(iter(refusals.values()), ""))
    return permitted


def check_literal(host: str, *, private: bool) -> None:
    """Raise Blocked for an IP address that may not be called. A name passes: DNS is not asked."""
    try:
        literal = ip_address(host)
    except ValueError:
        return
    if refusal := _refusal(literal, private=private):
        raise Blocked(refusal)


def is_public(address: Address) -> bool:
    """Whether the address is on the public internet.

    For IPv6, these are addresses in 2000::/3 and those with a public IPv4 address (mapped, NAT64, 6to4), but
    not Teredo, whose IPv4 address is behind a router.
    """
    if address in METADATA:
        return False
    if isinstance(address, IPv4Address):
        return address.is_global and not address.is_multicast and address not in RELAYS
    inner = _inner(address)
    if inner is not None:
        return is_public(inner)
    return address in GLOBAL_UNICAST and address not in EXAMPLES and address.is_global and not address.teredo


def is_private(address: Address) -> bool:
    """Whether the address is of an organization's own network: not of this machine, nor of its link."""
    return any(address in network for network in PRIVATE) and address not in METADATA


def _inner(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that receives packets to this address, or None."""
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def _refusal(address: Address, *, private: bool) -> str:
    """Why an address may not be called, as a sentence; empty if it may."""
    if is_public(address) or any(address in network for network in settings.OUTBOUND_ALLOW):
        return ""
    if not private:
        return _("The address is in a private network, which the host does not allow.")
    if is_private(address):
        return ""
    message = _(
        "The console does not connect to %(address)s. Your host can allow this address "
        "(setting OUTBOUND_ALLOW)."
    )
    return message % {"address": address}
