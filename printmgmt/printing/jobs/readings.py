"""What a server says about a job, as columns of its row."""

from datetime import datetime
from typing import Any

from printmgmt.printing.ipp.attributes import Job
from printmgmt.printing.ipp.names import cut
from printmgmt.printing.models import JobState, PrintJob

_REASONS = 50
"""More reasons than this are no reasons."""


def columns_of(reading: Job) -> dict[str, Any]:
    """The columns that follow a job while it waits and prints; an absent number is None, never 0."""
    return {
        "state": JobState(reading.state),
        "state_reasons": reasons_of(reading),
        "hold_until": cut(reading.hold_until or "", 100),
        "impressions": _count(reading.impressions),
        "sheets": _count(reading.sheets),
        # CUPS goes on saying when a job was over that was restarted.
        "finished_at": reading.completed_at if reading.state.is_over else None,
        "gone_at": None,
    }


def reasons_of(reading: Job) -> list[str]:
    """The reasons of a job's state, as the row keeps them."""
    return [cut(reason) for reason in reading.state_reasons[:_REASONS]]


def _count(number: int | None) -> int | None:
    """A number that cannot be is not known."""
    return None if number is None or number < 0 else number


def note_reading(job: PrintJob, *, sent_at: datetime, **columns: Any) -> None:
    """Write what was read of ``job`` by a request sent at ``sent_at``, unless a later request was faster.

    The row in memory shows it, too.
    """
    columns["seen_at"] = sent_at
    PrintJob.objects.filter(pk=job.pk, seen_at__lte=sent_at).update(**columns)
    for name, value in columns.items():
        setattr(job, name, value)
