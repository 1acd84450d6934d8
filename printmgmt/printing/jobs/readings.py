"""What a server says about a job, as columns of its row."""

from datetime import datetime
from typing import Any

from printmgmt.printing.ipp.attributes import Job
from printmgmt.printing.models import JobState, PrintJob


def columns_of(reading: Job) -> dict[str, Any]:
    """The columns that follow a job while it waits and prints; an absent number is None, never 0."""
    return {
        "state": JobState(reading.state),
        "state_reasons": list(reading.state_reasons),
        "hold_until": reading.hold_until or "",
        "impressions": reading.impressions,
        "sheets": reading.sheets,
        "finished_at": reading.completed_at,
        "gone_at": None,
    }


def note_reading(job: PrintJob, *, sent_at: datetime, **columns: Any) -> None:
    """Write what was read of ``job`` by a request sent at ``sent_at``, unless a later request was faster.

    The row in memory shows it, too.
    """
    columns["seen_at"] = sent_at
    PrintJob.objects.filter(pk=job.pk, seen_at__lte=sent_at).update(**columns)
    for name, value in columns.items():
        setattr(job, name, value)
