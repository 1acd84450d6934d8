"""Limits password guesses. Counts them in a table: all hosts share it, and nothing is evicted (ADR 23)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from printmgmt.organizations.models import SignInFailure

KEPT = timedelta(hours=1)
"""How long failures are kept: the longest limit. Each attempt deletes some older ones."""

_DELETED_AT_ONCE = 500


class TooManyFailures(Exception):
    """There were too many failures, so this attempt is refused without checking the password."""


@dataclass(frozen=True)
class Limit:
    """How many failures of one kind are allowed within a period."""

    name: str
    failures: int
    within: timedelta


BY_ACCOUNT_AND_ADDRESS = Limit("account and address", 5, timedelta(minutes=5))
BY_ACCOUNT = Limit("account", 50, KEPT)
BY_ADDRESS = Limit("address", 10, timedelta(minutes=1))
BY_BROWSER = Limit("browser", 5, timedelta(minutes=5))
BY_BROWSER_IN_AN_HOUR = Limit("browser, an hour", 50, KEPT)


@dataclass(frozen=True)
class Attempt:
    """An attempt to sign in. It counts as failed unless ``forgive`` is called."""

    rows: tuple[int, ...]

    def forgive(self) -> None:
        """Remove the failure: the password was right, or was not checked."""
        SignInFailure.objects.filter(pk__in=self.rows).delete()


def count_attempt(email: str, address: str, *, browser: str | None) -> Attempt:
    """Count an attempt to sign in as ``email`` (a ``normal_address``) before checking the password.

    ``address`` is the IP address. ``browser`` is the id of a browser in which this account signed in
    before, or None. A known browser has limits of its own, so failures of others do not affect it.
    Raises TooManyFailures. Refused attempts do not count, so a lock cannot be prolonged.
    """
    now = timezone.now()
    limits = {_key(limit, *subject): limit for limit, subject in _limits(email, _network(address), browser)}
    _delete_old()
    # Count first, then compare, so that parallel attempts cannot exceed the limit.
    made = SignInFailure.objects.bulk_create(SignInFailure(key=key, at=now) for key in limits)
    attempt = Attempt(tuple(row.pk for row in made))
    recent = Q()
    for key, limit in limits.items():
        recent |= Q(key=key, at__gt=now - limit.within)
    counts = SignInFailure.objects.filter(recent).values_list("key").annotate(Count("pk"))
    if any(number > limits[key].failures for key, number in counts):
        attempt.forgive()
        raise TooManyFailures
    return attempt


def _limits(email: str, network: str, browser: str | None) -> Iterator[tuple[Limit, tuple[str, ...]]]:
    if browser is not None:
        yield BY_BROWSER, (email, browser)
        yield BY_BROWSER_IN_AN_HOUR, (email, browser)
        return
    yield BY_ACCOUNT_AND_ADDRESS, (email, network)
    yield BY_ACCOUNT, (email,)
    yield BY_ADDRESS, (network,)


def _key(limit: Limit, *subject: str) -> str:
    """Return a digest, so that the table has no accounts or addresses in plain text."""
    return salted_hmac(
        f"sign-in failures by {limit.name}", "\n".join(subject), algorithm="sha256"
    ).hexdigest()


def _network(address: str) -> str:
    """Return the network of one household or server: an IPv4 address, or the /64 of an IPv6 address."""
    found = ip_address(address)
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or IPv6Network((found, 64), strict=False))


def _delete_old() -> None:
    """Delete old failures; skip rows that another host is deleting."""
    with transaction.atomic():
        old = SignInFailure.objects.select_for_update(skip_locked=True).filter(at__lt=timezone.now() - KEPT)
        keys = list(old.values_list("pk", flat=True)[:_DELETED_AT_ONCE])
        if keys:
            SignInFailure.objects.filter(pk__in=keys).delete()
