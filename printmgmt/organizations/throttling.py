"""Limits guesses of what must stay secret.

Failures are counted in a table: all hosts share it, and nothing is evicted (ADR 23).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address
from math import ceil

from django.db import transaction
from django.db.models import Count, Min, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from printmgmt.organizations.models import FailedAttempt

KEPT = timedelta(hours=1)
"""How long failures are kept: the longest limit. Each attempt deletes some older ones."""

_DELETED_AT_ONCE = 500


@dataclass(frozen=True)
class Limit:
    """How many failures of one kind are allowed within a period.

    ``name`` is stored as part of a digest: two limits must not share one.
    """

    name: str
    failures: int
    within: timedelta


Subject = tuple[str, ...]
"""What a limit counts by, such as an account and an address."""


class TooManyFailures(Exception):
    """There were too many failures, so this attempt is refused and nothing is checked.

    ``limits`` are those that refuse it, ``seconds`` how long until the next attempt may be allowed.
    """

    def __init__(self, limits: frozenset[Limit], *, seconds: int = 0) -> None:
        super().__init__()
        self.limits = limits
        self.seconds = seconds or ceil(max(limit.within for limit in limits).total_seconds())


@dataclass(frozen=True)
class Attempt:
    """An attempt that counts as failed unless ``forgive`` is called.

    ``last`` are the limits of which it is the last that is allowed: if it fails, further ones are refused.
    """

    rows: tuple[int, ...]
    last: frozenset[Limit]

    def forgive(self) -> None:
        """Remove the failure: the secret was right, or was not checked."""
        FailedAttempt.objects.filter(pk__in=self.rows).delete()


def count_attempt(limits: Iterable[tuple[Limit, Subject]]) -> Attempt:
    """Count an attempt against ``limits`` before the secret is checked.

    Raises TooManyFailures. Refused attempts do not count, so a lock cannot be prolonged.
    """
    now = timezone.now()
    keys = {_key(limit, subject): limit for limit, subject in limits}
    _delete_old()
    # Count first, then compare, so that parallel attempts cannot exceed the limit.
    made = FailedAttempt.objects.bulk_create(FailedAttempt(key=key, at=now) for key in keys)
    rows = tuple(row.pk for row in made)
    recent = FailedAttempt.objects.filter(_recent(keys, now))
    counts = list(recent.values_list("key").annotate(Count("pk")))
    attempt = Attempt(rows, frozenset(keys[key] for key, number in counts if number == keys[key].failures))
    if exceeded := frozenset(keys[key] for key, number in counts if number > keys[key].failures):
        attempt.forgive()
        raise TooManyFailures(exceeded)
    return attempt


def require_few(limits: Iterable[tuple[Limit, Subject]]) -> None:
    """Raise TooManyFailures if `count_failure` has counted too many; one query.

    For what cannot be guessed, where the limit is for the load: attempts at the same time may exceed it.
    """
    now = timezone.now()
    keys = {_key(limit, subject): limit for limit, subject in limits}
    counts = FailedAttempt.objects.filter(_recent(keys, now)).values_list("key")
    waits = {
        keys[key]: oldest + keys[key].within - now
        for key, number, oldest in counts.annotate(Count("pk"), Min("at"))
        if number >= keys[key].failures
    }
    if waits:
        raise TooManyFailures(frozenset(waits), seconds=ceil(max(waits.values()).total_seconds()))


def count_failure(limits: Iterable[tuple[Limit, Subject]]) -> None:
    """Count a failure for `require_few`."""
    now = timezone.now()
    _delete_old()
    FailedAttempt.objects.bulk_create(
        FailedAttempt(key=_key(limit, subject), at=now) for limit, subject in limits
    )


def network_of(address: str) -> str:
    """Return the network of one household or server: an IPv4 address, or the /64 of an IPv6 address."""
    found = ip_address(address)
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or IPv6Network((found, 64), strict=False))


def has_failed(limit: Limit, subject: Subject) -> bool:
    """Whether an attempt by ``subject`` failed within the limit's period."""
    since = timezone.now() - limit.within
    return FailedAttempt.objects.filter(key=_key(limit, subject), at__gt=since).exists()


def _recent(keys: Mapping[str, Limit], now: datetime) -> Q:
    """Whether a failure has one of these keys, within the limit's period."""
    recent = Q()
    for key, limit in keys.items():
        recent |= Q(key=key, at__gt=now - limit.within)
    return recent


def _key(limit: Limit, subject: Subject) -> str:
    """Return a digest, so that the table has no accounts or addresses in plain text."""
    counted = "\n".join(subject).encode(errors="surrogatepass")  # JSON can carry lone surrogates
    return salted_hmac(f"failures by {limit.name}", counted, algorithm="sha256").hexdigest()


def _delete_old() -> None:
    """Delete old failures; skip rows that another host is deleting."""
    with transaction.atomic():
        old = FailedAttempt.objects.select_for_update(skip_locked=True).filter(at__lt=timezone.now() - KEPT)
        keys = list(old.values_list("pk", flat=True)[:_DELETED_AT_ONCE])
        if keys:
            FailedAttempt.objects.filter(pk__in=keys).delete()
