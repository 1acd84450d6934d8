"""One job of a leaver as its server shows it now."""

from typing import NamedTuple

from django.utils import timezone

from printmgmt.people.models import PrintUser
from printmgmt.printing.ipp.attributes import Job, JobState
from printmgmt.printing.ipp.client import Client
from printmgmt.printing.ipp.errors import Gone
from printmgmt.printing.jobs.actions import INDEFINITE, is_same
from printmgmt.printing.jobs.readings import columns_of, note_reading
from printmgmt.printing.leavers.rows import row_of
from printmgmt.printing.models import PrintJob, PrintServer


class Seen(NamedTuple):
    """A job on its server, and its row."""

    job: Job
    row: PrintJob

    @property
    def is_over(self) -> bool:
        return self.job.state.is_over

    @property
    def prints(self) -> bool:
        """Whether it has begun to print."""
        return self.job.state in (JobState.PROCESSING, JobState.STOPPED)

    @property
    def stays(self) -> bool:
        """Whether it waits until someone releases it."""
        return stays_held(self.job)


def stays_held(job: Job) -> bool:
    """Whether a job waits until someone releases it, and not until a time or for its document."""
    return job.state == JobState.HELD and job.hold_until == INDEFINITE


def look(client: Client, server: PrintServer, number: int, person: PrintUser) -> Seen | None:
    """Read a job of ``person``; None if the server has it no more. Raises IppError and JobIsAnother."""
    sent_at = timezone.now()
    try:
        job = client.job(number)
    except Gone:
        for row in PrintJob.objects.filter(
            server=server, generation=server.generation, remote_id=number, gone_at=None
        ):
            note_reading(row, sent_at=sent_at, gone_at=sent_at)
        return None
    return Seen(job, row_of(server, job, person, sent_at=sent_at))


def look_again(client: Client, row: PrintJob) -> Seen | None:
    """Read a job that has a row; None if the server has it no more, or another one of that number."""
    sent_at = timezone.now()
    try:
        job = client.job(row.remote_id)
    except Gone:
        note_reading(row, sent_at=sent_at, gone_at=sent_at)
        return None
    if not is_same(row, job):
        return None
    note_reading(row, sent_at=sent_at, **columns_of(job))
    return Seen(job, row)
