"""Counts how many people left at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from printmgmt.deprovisioning.models import DeprovisionRun, LeavingPolicy, RunState
from printmgmt.people.models import PersonState, PrintUser


@dataclass(frozen=True)
class Wave:
    """``leavers`` of ``base`` people who could print left since ``since``; more than ``limit``."""

    leavers: int
    base: int
    limit: int
    since: datetime


COUNTS = Q(had_access=True) | Q(by_rule=True)
"""The leavings that count: they ended access, or the console ordered them by itself."""


def counted(organization_id: UUID) -> QuerySet[DeprovisionRun]:
    """Return the leavings that count and about which nobody decided yet.

    Who is back, or turned out to be the same person as someone else, has not left.
    """
    runs = DeprovisionRun.objects.filter(COUNTS, organization=organization_id, batch=None)
    gone = runs.filter(
        person__state__in=[PersonState.SUSPENDED, PersonState.REMOVED], person__merged_into__isnull=True
    )
    return gone.exclude(state=RunState.UNDONE)


def find_wave(run: DeprovisionRun) -> Wave | None:
    """Return the wave that a run is part of; None while so many may leave at once.

    Costs one query as long as no more people left around that time than the policy's number.
    """
    policy = run.policy
    window = timedelta(minutes=policy.breaker_minutes)
    # On both sides: workers may judge late, and in another order than people left.
    near = counted(run.organization_id).filter(cut_at__gt=run.cut_at - window, cut_at__lt=run.cut_at + window)
    people = near.order_by().values("person").distinct()
    if people[: policy.breaker_people + 1].count() <= policy.breaker_people:
        return None
    left = dict(near.order_by("cut_at").values_list("person", "cut_at"))
    base = (
        len(left)
        + PrintUser.objects.filter(organization=run.organization_id, state=PersonState.ACTIVE).count()
    )
    limit = limit_of(policy, base)
    since = first_of_too_many(sorted(left.values()), limit, window)
    return None if since is None else Wave(len(left), base, limit, since)


def limit_of(policy: LeavingPolicy, base: int) -> int:
    """Return how many of so many people may leave within the policy's window."""
    return max(policy.breaker_people, base * policy.breaker_percent // 100)


def first_of_too_many(moments: Sequence[datetime], limit: int, window: timedelta) -> datetime | None:
    """Return when the first of more than ``limit`` moments within a window was. ``moments`` are sorted."""
    pairs = zip(moments, moments[limit:], strict=False)
    return next((first for first, last in pairs if last - first <= window), None)
