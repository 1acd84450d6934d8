"""Ends secure release at a queue: its jobs print by themselves again, unless they are held first."""

from typing import Final

from django.db import transaction
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext

from printmgmt.audit.actors import Actor
from printmgmt.printing.ipp.attributes import Job
from printmgmt.printing.ipp.attributes import JobState as Shown
from printmgmt.printing.ipp.client import Client
from printmgmt.printing.jobs.actions import is_same
from printmgmt.printing.jobs.readings import columns_of, note_reading
from printmgmt.printing.models import Printer, PrintJob
from printmgmt.printing.rounds.leases import server_lease
from printmgmt.printing.secure_release.errors import NotSecure, TooManyWaiting
from printmgmt.printing.secure_release.fitness import lock_secure, read_queue, refuse_server
from printmgmt.printing.secure_release.stopping import resume
from printmgmt.printing.secure_release.trail import record_release
from printmgmt.printing.servers.connecting import WHILE_SOMEBODY_WAITS, client_for

MOST_HELD: Final = 100
"""Jobs that are held while someone waits: each takes a CUPS server some 150 ms."""


class Then(TextChoices):
    """What becomes of the queue and of the jobs that wait in it."""

    HOLD = "hold", gettext_lazy("Hold the waiting jobs, then resume the queue")
    PRINT = "print", gettext_lazy("Resume the queue: the waiting jobs print")
    STOPPED = "stopped", gettext_lazy("Leave the queue stopped")


def end(queue: Printer, *, then: Then, by: Actor) -> int:
    """End secure release; return how many jobs were held first.

    Raises SecureReleaseError, TooManyWaiting (one of them) and IppError. Then the queue still is a secure
    release queue; jobs that were held by then stay held, and trying again goes on from there.
    """
    if queue.secure_since is None:
        raise NotSecure
    held = 0
    if then == Then.STOPPED or queue.missing_since is not None:
        _forget(queue, then=then, by=by, held=held)
        return held
    refuse_server(queue)
    with server_lease(queue.server), client_for(queue.server, limits=WHILE_SOMEBODY_WAITS) as client:
        read_queue(client, queue)
        if then == Then.HOLD:
            held = _hold_waiting(client, queue, by=by)
        resumed = resume(client, queue)
        with transaction.atomic():  # a check in between would take it for resumed by someone
            resumed.note()
            _forget(queue, then=then, by=by, held=held)
    return held


@transaction.atomic
def _forget(queue: Printer, *, then: Then, by: Actor, held: int) -> None:
    queue = lock_secure(queue)
    queue.secure_since = queue.hold_problem_since = None
    queue.stops_again, queue.hold_problem = False, ""
    queue.save(update_fields=["secure_since", "stops_again", "hold_problem", "hold_problem_since"])
    devices = sorted(queue.devices.values_list("name", flat=True))
    queue.devices.clear()
    record_release(queue, "secure-release.ended", by=by, devices=devices, then=str(then), held=held)


def _hold_waiting(client: Client, queue: Printer, *, by: Actor) -> int:
    """Hold what would print, by the server's own list: a row may be a minute old."""
    waiting = [job for job in client.jobs() if job.printer_name == queue.name and job.state == Shown.PENDING]
    if len(waiting) > MOST_HELD:
        raise TooManyWaiting(
            ngettext(
                "%(count)d job waits in this queue, too many to hold at once. Leave the queue stopped, and "
                "hold or cancel them on the Jobs page.",
                "%(count)d jobs wait in this queue, too many to hold at once. Leave the queue stopped, and "
                "hold or cancel them on the Jobs page.",
                len(waiting),
            )
            % {"count": len(waiting)}
        )
    rows = PrintJob.objects.filter(server=queue.server, generation=queue.server.generation)
    known = {row.remote_id: row for row in rows.filter(remote_id__in=[job.id for job in waiting])}
    for job in waiting:
        client.hold(job.id)
        row = known.get(job.id)
        if row is not None and is_same(row, job):
            _note_held(client, row, job, by=by)
    return len(waiting)


def _note_held(client: Client, row: PrintJob, before: Job, *, by: Actor) -> None:
    sent_at = timezone.now()
    after = columns_of(client.job(row.remote_id))
    held = {"held_at": sent_at, "held_by": by.label, "hold_until_before": before.hold_until or ""}
    note_reading(row, sent_at=sent_at, **(after if row.held_at else after | held))
