"""Holds again what did not stay held: a server that crashed forgets a hold, and an owner may release it."""

from collections.abc import Callable
from typing import Final

import structlog
from django.db.models import F
from django.utils import timezone

from printmgmt.audit.actors import system
from printmgmt.printing.ipp.client import Client
from printmgmt.printing.ipp.errors import IppError
from printmgmt.printing.jobs.audit import record_job
from printmgmt.printing.jobs.readings import columns_of, note_reading
from printmgmt.printing.models import PrintJob, PrintServer
from printmgmt.printing.rounds.identity import is_same

log = structlog.get_logger(__name__)

MOST: Final = 200
"""Jobs in one round; the others are held again in the next one."""

ROUND: Final = system("print server round")


def hold_again(client: Client, server: PrintServer, jobs: list[PrintJob], stay: Callable[[], None]) -> int:
    """Hold these jobs of a server, which we hold and which would print, and read each again.

    Returns how many are held. ``stay`` is called before each and keeps the lease.
    Only what still is to be held: someone may have released it in the meantime. One that the server refuses
    stays as it was read, and the next round tries again.
    """
    held = 0
    for job in jobs[:MOST]:
        stay()
        if not PrintJob.objects.filter(pk=job.pk, held_at__isnull=False).exists():
            continue
        try:
            if not is_same(job, client.job(job.remote_id)):
                continue
            client.hold(job.remote_id)
            sent_at = timezone.now()
            after = client.job(job.remote_id)
        except IppError as error:
            log.warning("a hold that was lost could not be renewed", job=job.pk, error=error.technical)
            continue
        note_reading(job, sent_at=sent_at, **columns_of(after))
        PrintJob.objects.filter(pk=job.pk).update(holds_lost=F("holds_lost") + 1)
        record_job(job, "job.held-again", by=ROUND)
        held += 1
    return held
