"""Whose retention is over: two statements, however many organizations there are."""

from collections import defaultdict
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from printmgmt.deprovisioning.models import DUE_STATES, DeprovisionStep, LeavingPolicy
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PersonState, PrintUser


def due_people(at: datetime) -> QuerySet[PrintUser]:
    """Return removed people whose retention is over at ``at`` and whom no legal hold and no step keeps.

    The newest policy of the organization counts. Merged rows are anonymized with who they were merged into.
    """
    over = Q(pk__in=[])
    for days, organizations in _retention().items():
        over |= Q(organization__in=organizations, removed_at__lte=at - timedelta(days=days))
    people = PrintUser.objects.filter(over, state=PersonState.REMOVED, legal_hold=False, merged_into=None)
    waiting = DeprovisionStep.objects.filter(run__person=OuterRef("pk"), state__in=DUE_STATES)
    return people.filter(~Exists(waiting))


def _retention() -> dict[int, list[UUID]]:
    """Return organizations by the days for which they keep history."""
    newest = LeavingPolicy.objects.filter(organization=OuterRef("pk")).order_by("-version")
    rows = Organization.objects.annotate(days=newest.values("retention_days")[:1])
    default = LeavingPolicy().retention_days
    by_days: dict[int, list[UUID]] = defaultdict(list)
    for pk, days in rows.values_list("pk", "days"):
        by_days[default if days is None else days].append(pk)
    return by_days
