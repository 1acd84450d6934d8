"""Ends the waits of steps that were told "not now", once the reason is gone."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from printmgmt.deprovisioning.models import DUE_STATES, DeprovisionStep


def end_waits(name: str, targets: Iterable[UUID]) -> None:
    """Have the steps of this name on these targets tried now that wait for their next attempt.

    Not those that wait for a date, which have not been tried yet. Two statements.
    """
    now = timezone.now()
    rows = DeprovisionStep.objects.filter(
        name=name,
        target_id__in=[str(pk) for pk in targets],
        state__in=DUE_STATES,
        attempts__gt=0,
        due_at__gt=now,
        lease_until=None,
    )
    with transaction.atomic():
        # A row that is locked is being decided about, also about when.
        waiting = rows.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True)
        DeprovisionStep.objects.filter(pk__in=list(waiting)).update(due_at=now)
