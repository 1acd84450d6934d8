"""How many token requests are answered: Entra asks about once an hour, a broken client all the time.

Nobody can guess a secret of 256 bits; the limits are for the load. Strangers cannot reach what limits a
client at its own address, so nobody locks a directory out.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from printmgmt.organizations.throttling import Limit, Subject, network_of

BY_CLIENT_AND_ADDRESS: Final = Limit("token endpoint: client and address", 20, timedelta(minutes=10))
"""Failures. Entra's tenants share its addresses: one with an ended secret stops here, before `BY_ADDRESS`."""

BY_ADDRESS: Final = Limit("token endpoint: address", 200, timedelta(minutes=10))
"""Failures with all clients together."""

GIVEN: Final = Limit("token endpoint: tokens given", 60, timedelta(minutes=10))
"""Access tokens given to one client."""


def failure_limits(addressed: str, address: str | None) -> Iterator[tuple[Limit, Subject]]:
    """The limits of a token request for the installation in its path, from an IP address."""
    network = network_of(address) if address else ""
    yield BY_CLIENT_AND_ADDRESS, (addressed[:64], network)
    yield BY_ADDRESS, (network,)
