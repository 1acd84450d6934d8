"""Whether a job on a server is the one that we know by its number."""

from datetime import timedelta
from typing import Final

from django.utils import timezone

from printmgmt.printing.ipp.attributes import Job
from printmgmt.printing.models import PrintJob

CLOCK_ERROR: Final = timedelta(seconds=2)
"""Servers tell times in whole seconds."""

_DRIFT: Final = 0.001
"""How wrong a clock may run that counts from when the server started."""


class Rebuilt(Exception):
    """The server was set up again: none of its jobs is one that we knew, and it counts from 1 again."""


def is_same(row: PrintJob, reading: Job) -> bool:
    """Whether ``reading`` is the job of ``row``.

    Anyone may state a UUID for a job of their own, but not that of a job that exists under the same number.
    """
    if row.job_uuid and reading.uuid:
        return row.job_uuid == reading.uuid
    if reading.created_at is None:
        return True
    slack = CLOCK_ERROR + _DRIFT * abs(timezone.now() - row.submitted_at)
    return abs(row.submitted_at - reading.created_at) <= slack
