"""The jobs in a queue that are not over, as the last round saw them."""

from typing import NamedTuple

from django.db.models import Count, Q

from printmgmt.printing.models import OPEN, JobState, Printer, PrintJob


class Waiting(NamedTuple):
    """``pending`` jobs print when their queue does, ``held`` ones do not, ``printing`` ones have begun."""

    pending: int
    held: int
    printing: int


def waiting_at(queue: Printer) -> Waiting:
    """Return how many jobs of a queue are in which state. One statement."""
    rows = PrintJob.objects.filter(printer=queue, state__in=OPEN, gone_at__isnull=True)
    begun = (JobState.PROCESSING, JobState.STOPPED)
    return Waiting(
        **rows.aggregate(
            pending=Count("pk", filter=Q(state=JobState.PENDING)),
            held=Count("pk", filter=Q(state=JobState.HELD)),
            printing=Count("pk", filter=Q(state__in=begun)),
        )
    )
