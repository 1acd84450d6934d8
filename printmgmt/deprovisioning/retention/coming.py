"""What is going to happen by itself to people who left: removal after a long suspension, and anonymizing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Q
from django.utils import timezone

from printmgmt.deprovisioning.long_suspended import removal_due
from printmgmt.deprovisioning.models import LeavingPolicy
from printmgmt.people.models import PersonState, PrintUser

DAYS: Final = 30
"""How far ahead `coming_up` looks."""


@dataclass(frozen=True)
class Coming:
    """When a person is going to be removed, or anonymized; at most one of the two is set.

    A hold prevents both. Anonymizing also waits for open steps of the leaving.
    """

    removed_at: datetime | None = None
    anonymised_at: datetime | None = None


@dataclass(frozen=True)
class ComingUp:
    """How many people are going to be removed and anonymized within so many days."""

    days: int
    removed: int
    anonymised: int

    def __bool__(self) -> bool:
        return bool(self.removed or self.anonymised)


def coming_to(person: PrintUser, policy: LeavingPolicy) -> Coming:
    """Return what is going to happen to a person under ``policy``, the newest one of their organization."""
    if person.state == PersonState.SUSPENDED:
        return Coming(removed_at=removal_due(person, policy))
    is_kept = person.legal_hold or person.merged_into_id is not None
    if person.state != PersonState.REMOVED or person.removed_at is None or is_kept:
        return Coming()
    return Coming(anonymised_at=person.removed_at + timedelta(days=policy.retention_days))


def coming_up(policy: LeavingPolicy, *, days: int = DAYS) -> ComingUp:
    """Count the people of the policy's organization whose turn comes within ``days``. One query."""
    until = timezone.now() + timedelta(days=days)
    anonymised = Q(state=PersonState.REMOVED, merged_into=None)
    anonymised &= Q(removed_at__lte=until - timedelta(days=policy.retention_days))
    removed = Q(pk__in=[])
    if policy.remove_after_days is not None:
        long = until - timedelta(days=policy.remove_after_days)
        removed = Q(state=PersonState.SUSPENDED, active=False, state_since__lte=long)
    people = PrintUser.objects.filter(
        removed | anonymised, organization=policy.organization_id, legal_hold=False
    )
    counts = people.aggregate(
        removed=Count("pk", filter=Q(state=PersonState.SUSPENDED)),
        anonymised=Count("pk", filter=Q(state=PersonState.REMOVED)),
    )
    return ComingUp(days, **counts)
