"""Ends jobs that nobody collects within the hours that their organization allows."""

import time
from datetime import timedelta
from typing import Final

import structlog
from django.db.models import Q, QuerySet
from django.utils import timezone

from printmgmt.audit.actors import system
from printmgmt.people.models import PersonState
from printmgmt.printing.ipp.attributes import Job
from printmgmt.printing.ipp.attributes import JobState as Shown
from printmgmt.printing.ipp.client import Client
from printmgmt.printing.ipp.errors import Gone, IppError, NotPossible
from printmgmt.printing.jobs.actions import INDEFINITE, cancel_job
from printmgmt.printing.jobs.errors import JobError
from printmgmt.printing.models import WAITING, JobState, PrintJob, PrintServer

log = structlog.get_logger(__name__)

BATCH: Final = 100
"""Jobs that a round of a server ends at most; the next one goes on."""

SECONDS: Final = 20.0
"""After so many it begins no further one: the round has jobs to read."""

UNCOLLECTED: Final = system("Uncollected jobs")


def end_uncollected(server: PrintServer, client: Client) -> int:
    """End what waits on a server for longer than its organization allows; return how many jobs that were.

    Called by a round under its lease: one worker at a time does it, and a server that cannot be reached is
    asked again when its rounds are. Each job is read before, and left alone if it does not wait any more.
    """
    deadline = time.monotonic() + SECONDS
    ended = 0
    for job in uncollected_jobs(server)[:BATCH]:
        if time.monotonic() > deadline:
            break
        try:
            if _waits(client.job(job.remote_id), job):
                cancel_job(job, by=UNCOLLECTED, through=client)
                ended += 1
        except (JobError, Gone, NotPossible):
            continue  # this round reads what it is now
        except IppError as error:
            log.warning("uncollected jobs were not ended", server=str(server.pk), error=error.technical)
            break
    return ended


def uncollected_jobs(server: PrintServer) -> QuerySet[PrintJob]:
    """The jobs that have waited for too long, the oldest first.

    Only those of people who may print: what a leaver left is for the leaving to decide. Not those that a
    leaving or someone in the console holds, and none that would print by itself.
    """
    hours = server.organization.uncollected_hours
    if not hours:
        return PrintJob.objects.none()
    held = Q(state=JobState.HELD, hold_until=INDEFINITE)
    in_release_queue = Q(state__in=WAITING, printer__secure_since__isnull=False)
    rows = PrintJob.objects.filter(
        held | in_release_queue,
        server=server,
        generation=server.generation,
        organization=server.organization_id,
        person__state=PersonState.ACTIVE,
        submitted_at__lt=timezone.now() - timedelta(hours=hours),
        gone_at__isnull=True,
        held_at__isnull=True,
    )
    return rows.select_related("server", "printer", "organization").order_by("submitted_at", "pk")


def _waits(reading: Job, job: PrintJob) -> bool:
    """Whether the job waits for its owner at this moment, whatever its row says."""
    if job.printer is None or reading.printer_name != job.printer.name:
        return False
    if reading.state == Shown.HELD:
        return reading.hold_until == INDEFINITE or job.printer.secure_since is not None
    return reading.state == Shown.PENDING and job.printer.secure_since is not None
