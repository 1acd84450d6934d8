"""Which steps are due, whose turn it is, and who holds one: a lease in the row, conditionally taken."""

from datetime import timedelta
from uuid import UUID

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from printmgmt.deprovisioning.models import DUE_STATES, DeprovisionStep

LEASE = timedelta(seconds=60)
"""How long an attempt may take before somebody else may try."""

BATCH = 50


def due_steps(run_id: UUID | None) -> list[int]:
    """Ids of steps that are due and held by nobody, of one run or of all; organizations take turns.

    So 50,000 leavers of one organization do not delay another's one.
    """
    due = _unheld(DeprovisionStep.objects.filter(due_at__lte=timezone.now()))
    if run_id is not None:
        due = due.filter(run=run_id)
    turn = Window(RowNumber(), partition_by=F("organization_id"), order_by=[F("due_at"), F("id")])
    return list(due.annotate(turn=turn).order_by("turn", "due_at", "id").values_list("id", flat=True)[:BATCH])


def claim(step_id: int, owner: str) -> bool:
    """Take the lease unless somebody else has; counts the attempt as a crash until it comes back.

    No joins here: PostgreSQL checks a plain WHERE again after waiting for the row, a subquery it does not.
    """
    now = timezone.now()
    free = _unheld(DeprovisionStep.objects.filter(pk=step_id, due_at__lte=now))
    return bool(free.update(lease_until=now + LEASE, lease_owner=owner, crashes=F("crashes") + 1))


def is_target_busy(step: DeprovisionStep) -> bool:
    """Whether an attempt of a former run of the person is still working on the same target."""
    return (
        DeprovisionStep.objects.filter(
            run__person=step.run.person_id,
            name=step.name,
            target_kind=step.target_kind,
            target_id=step.target_id,
            lease_until__gte=timezone.now(),
        )
        .exclude(pk=step.pk)
        .exists()
    )


def _unheld(steps: QuerySet[DeprovisionStep]) -> QuerySet[DeprovisionStep]:
    return steps.filter(Q(lease_until__isnull=True) | Q(lease_until__lt=timezone.now()), state__in=DUE_STATES)
