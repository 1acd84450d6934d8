"""How many wrong passwords are allowed, and from where (ADR 23)."""

from collections.abc import Iterator
from datetime import timedelta

from printmgmt.organizations.throttling import KEPT, Attempt, Limit, Subject, count_attempt, network_of

BY_ACCOUNT_AND_ADDRESS = Limit("sign-in: account and address", 5, timedelta(minutes=5))
BY_ACCOUNT = Limit("sign-in: account", 50, KEPT)
BY_ADDRESS = Limit("sign-in: address", 10, timedelta(minutes=1))
BY_BROWSER = Limit("sign-in: browser", 5, timedelta(minutes=5))
BY_BROWSER_IN_AN_HOUR = Limit("sign-in: browser, an hour", 50, KEPT)


def count_sign_in(email: str, address: str, *, browser: str | None) -> Attempt:
    """Count an attempt to sign in as ``email`` (a ``normal_address``) before checking the password.

    ``address`` is the IP address. ``browser`` is the id of a browser in which this account signed in
    before, or None. A known browser has limits of its own, so failures of others do not affect it.
    Raises TooManyFailures.
    """
    return count_attempt(_limits(email, network_of(address), browser))


def _limits(email: str, network: str, browser: str | None) -> Iterator[tuple[Limit, Subject]]:
    if browser is not None:
        yield BY_BROWSER, (email, browser)
        yield BY_BROWSER_IN_AN_HOUR, (email, browser)
        return
    yield BY_ACCOUNT_AND_ADDRESS, (email, network)
    yield BY_ACCOUNT, (email,)
    yield BY_ADDRESS, (network,)
