"""Jobs that were sent under a leaver's names after access had ended, as pages about leavers count them."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from printmgmt.console.jobs.statuses import STATE_ROWS
from printmgmt.printing.models import JobState, PrintJob

LEFT_BEFORE = "left"
"""The value of the filter *Owner* for these jobs."""

IS_LATE = Q(late_for_run__isnull=False)


@dataclass(frozen=True)
class LateJobs:
    """How many there are, and how many of them printed and wait."""

    number: int
    printed: int
    waiting: int


def count_late(jobs: QuerySet[PrintJob]) -> LateJobs:
    """Count the late ones among some jobs. One query."""
    waiting = STATE_ROWS["waiting"] | STATE_ROWS["held"]
    counted = jobs.filter(IS_LATE).aggregate(
        number=Count("pk"),
        printed=Count("pk", filter=Q(state=JobState.COMPLETED)),
        waiting=Count("pk", filter=waiting),
    )
    return LateJobs(**counted)
