"""Guesses at passwords: counted in a table that every host shares and nothing is evicted from (ADR 23)."""

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
"""As long as the longest limit; older failures are deleted, some at each attempt."""

_DELETED_AT_ONCE = 500


class TooManyFailures(Exception):
    """This attempt is not even looked at."""


@dataclass(frozen=True)
class Limit:
    """So many failures of one kind within such a time."""

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
    """One that counts as failed until it is forgiven."""

    rows: tuple[int, ...]

    def forgive(self) -> None:
        """The password was right, or was not looked at: it does not count."""
        SignInFailure.objects.filter(pk__in=self.rows).delete()


def count_attempt(email: str, address: str, *, browser: str | None) -> Attempt:
    """Count an attempt to sign in as ``email`` (a ``normal_address``) from an address, before it is judged.

    ``browser`` is the id of a browser that this account signed in with before, or None. Such a browser is
    counted by itself: what strangers do to the account, or neighbors at its address, does not concern it.
    Raises TooManyFailures; a refused attempt does not count, so nobody makes a lock last.
    """
    now = timezone.now()
    limits = {_key(limit, *subject): limit for limit, subject in _limits(email, _network(address), browser)}
    _delete_old()
    # First counted, then looked at: of many attempts at the same time no more than the limit get through.
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
    """A digest: the table tells nobody who tried, or from where."""
    return salted_hmac(
        f"sign-in failures by {limit.name}", "\n".join(subject), algorithm="sha256"
    ).hexdigest()


def _network(address: str) -> str:
    """What one household or server has: an IPv4 address, or the /64 of an IPv6 address."""
    found = ip_address(address)
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or IPv6Network((found, 64), strict=False))


def _delete_old() -> None:
    """Without waiting for another host that deletes the same ones."""
    with transaction.atomic():
        old = SignInFailure.objects.select_for_update(skip_locked=True).filter(at__lt=timezone.now() - KEPT)
        keys = list(old.values_list("pk", flat=True)[:_DELETED_AT_ONCE])
        if keys:
            SignInFailure.objects.filter(pk__in=keys).delete()
