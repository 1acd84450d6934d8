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


def cancel(client: Client, row: PrintJob, *, by: Actor) -> bool:
    """Cancel a job and have the server forget its document; return whether it is gone there.

    Raises IppError.
    """
    client.cancel(row.remote_id, purge=True)
    sent_at = timezone.now()
    if not is_purged(client, row.remote_id):
        return False
    with transaction.atomic():
        note_reading(row, sent_at=sent_at, state=JobState.CANCELED, finished_at=sent_at)
        forget_hold(row)
        record_job(row, "job.canceled", by=by)
    return True


def is_purged(client: Client, number: int) -> bool:
    """Whether the server has no job of that number, so that nobody can restart it. Raises IppError."""
    try:
        client.job(number)
    except Gone:
        return True
    return False
