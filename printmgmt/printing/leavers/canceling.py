"""Cancels jobs of a leaver so that nobody can print them any more."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from printmgmt.audit.actors import Actor
from printmgmt.printing.ipp.client import Client
from printmgmt.printing.ipp.errors import Gone
from printmgmt.printing.jobs.audit import record_job
from printmgmt.printing.jobs.readings import note_reading
from printmgmt.printing.leavers.holding import forget_hold
from printmgmt.printing.models import OPEN, JobState, PrintJob, PrintServer


def held_by(runs: Collection[UUID], server: PrintServer) -> list[PrintJob]:
    """Return the jobs on a server that one of these runs holds, by number."""
    rows = PrintJob.objects.filter(server=server, generation=server.generation, held_by_run__in=runs)
    return list(rows.filter(state__in=OPEN, gone_at=None).order_by("remote_id"))


def cancel(client: Client, row: PrintJob) -> bool:
    """Cancel a job and have the server forget its document; return whether it is gone there.

    Raises IppError. The caller notes it.
    """
    client.cancel(row.remote_id, purge=True)
    return is_purged(client, row.remote_id)


@transaction.atomic
def note_canceled(row: PrintJob, *, by: Actor) -> None:
    """Note that we canceled a job and that it is gone from its server."""
    now = timezone.now()
    note_reading(row, sent_at=now, state=JobState.CANCELED, finished_at=now, gone_at=None)
    forget_hold(row)
    record_job(row, "job.canceled", by=by)


def is_purged(client: Client, number: int) -> bool:
    """Whether the server has no job of that number, so that nobody can restart it. Raises IppError."""
    try:
        client.job(number)
    except Gone:
        return True
    return False
