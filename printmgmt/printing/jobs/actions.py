"""Holds, releases, cancels and moves one job on its server, and reads it again afterwards.

Each returns the job as the server shows it then. Each raises `IppError` when the server cannot be asked or
refuses, and `JobError` when the job is not what the row says. Call outside a transaction: a server may take
seconds to answer. ``through`` is an open client of the job's server, for several jobs; without it there is a
connection for each.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from django.db import transaction
from django.utils import timezone

from printmgmt.audit.actors import Actor
from printmgmt.printing.ipp.attributes import Job, QueueState
from printmgmt.printing.ipp.attributes import JobState as Shown
from printmgmt.printing.ipp.client import Client
from printmgmt.printing.ipp.errors import Gone, IppError, NotPossible
from printmgmt.printing.jobs.audit import record_job
from printmgmt.printing.jobs.errors import (
    ChooseDevice,
    HeldForLeaving,
    JobIsAnother,
    JobIsOver,
    NotDone,
    PrinterStopped,
)
from printmgmt.printing.jobs.readings import columns_of, note_reading
from printmgmt.printing.models import JobState, Printer, PrintJob
from printmgmt.printing.servers.connecting import client_for

INDEFINITE = "indefinite"

NOT_HELD_BY_US = {
    "held_at": None,
    "held_by_run": None,
    "held_by_step": "",
    "held_by": "",
    "hold_until_before": "",
}


def hold_job(job: PrintJob, *, by: Actor, through: Client | None = None) -> PrintJob:
    """Hold a waiting job until someone releases it; a time at which it would print by itself is replaced."""

    def hold(client: Client, before: Job) -> dict[str, Any]:
        if before.state == Shown.HELD and before.hold_until == INDEFINITE:
            return {}
        client.hold(job.remote_id, INDEFINITE)
        return {
            "held_at": timezone.now(),
            "held_by": by.label,
            "hold_until_before": before.hold_until or "",
        }

    return _change(
        job,
        hold,
        verb="job.held",
        by=by,
        through=through,
        is_done=lambda after: after.state == Shown.HELD and after.hold_until == INDEFINITE,
    )


def release_job(
    job: PrintJob, *, by: Actor, to: Printer | None = None, through: Client | None = None
) -> PrintJob:
    """Have a waiting job print now, at the queue ``to`` of the same server if that is given.

    Raises HeldForLeaving for a job that is held since its owner left, ChooseDevice for one in a secure
    release queue without ``to``, and PrinterStopped where nothing would be printed.
    """
    if job.held_by_run is not None:
        raise HeldForLeaving
    moves = to is not None and to.pk != job.printer_id

    def release(client: Client, before: Job) -> dict[str, Any]:
        _refuse_where_nothing_prints(client, job, to.name if to else before.printer_name)
        with hold_forgotten(job):
            if to is not None and before.printer_name != to.name:
                client.move(job.remote_id, to.name)
            if before.state == Shown.HELD:
                client.release(job.remote_id)
        return {**NOT_HELD_BY_US, **({"printer": to} if to else {})}

    return _change(
        job,
        release,
        verb="job.released",
        by=by,
        through=through,
        is_done=lambda after: after.state != Shown.HELD and (to is None or after.printer_name == to.name),
        **({"printer": to.name} if to is not None and moves else {}),
    )


def cancel_job(job: PrintJob, *, by: Actor, through: Client | None = None) -> PrintJob:
    """Cancel a job and have the server forget its document, so that nobody can restart it."""

    def cancel(client: Client, before: Job) -> dict[str, Any]:
        client.cancel(job.remote_id, purge=True)
        return NOT_HELD_BY_US

    return _change(
        job,
        cancel,
        verb="job.canceled",
        by=by,
        through=through,
        is_done=lambda after: after.state.is_over,
    )


def move_job(job: PrintJob, to: Printer, *, by: Actor) -> PrintJob:
    """Move a waiting job to another queue of its server: a held one stays held, another one prints there."""

    def move(client: Client, before: Job) -> dict[str, Any]:
        client.move(job.remote_id, to.name)
        return {"printer": to}

    return _change(
        job,
        move,
        verb="job.moved",
        by=by,
        is_done=lambda after: after.printer_name == to.name,
        printer=to.name,
    )


def _refuse_where_nothing_prints(client: Client, job: PrintJob, queue_name: str) -> None:
    """Raise ChooseDevice or PrinterStopped for a queue in which a released job goes on waiting.

    A server accepts the release all the same. The server is asked: a row may be minutes old. That a queue is
    one of secure release only we know; if someone resumed it, it need not print anything either.
    """
    queues = Printer.objects.filter(server=job.server_id, name=queue_name, secure_since__isnull=False)
    queue = queues.first()
    if queue is not None:
        raise ChooseDevice(
            queue, queue.devices.filter(missing_since__isnull=True, is_class=False).order_by("name")
        )
    shown = client.queue(queue_name)
    is_stopped = shown.state == QueueState.STOPPED
    if shown.is_class and not is_stopped:  # it looks idle although none of its members prints
        is_stopped = all(client.queue(member).state == QueueState.STOPPED for member in shown.members)
    if is_stopped:
        raise PrinterStopped(queue_name)


@contextmanager
def hold_forgotten(job: PrintJob) -> Iterator[None]:
    """Take from the row that we hold the job, for the time of its release; put it back if that fails.

    A round that reads the server in the meantime would take the released job for one whose hold was lost,
    and hold it again.
    """
    held = {name: getattr(job, name) for name in NOT_HELD_BY_US}
    rows = PrintJob.objects.filter(pk=job.pk)
    if held != NOT_HELD_BY_US:
        rows.update(**NOT_HELD_BY_US)
    try:
        yield
    except IppError:
        rows.update(**held)
        raise


def _change(
    job: PrintJob,
    act: Callable[[Client, Job], dict[str, Any]],
    *,
    verb: str,
    by: Actor,
    through: Client | None = None,
    is_done: Callable[[Job], bool],
    **details: str,
) -> PrintJob:
    """Look at the job, ``act`` (which returns further columns), look again, and record it."""
    with nullcontext(through) if through else client_for(job.server) as client:
        before = _read(client, job)
        if before.state.is_over:
            raise JobIsOver
        columns = _act(client, job, before, act)
        sent_at = timezone.now()
        try:
            after = client.job(job.remote_id)
        except Gone:
            # Purged, or printed and forgotten at once: the end is what was asked for.
            state = JobState.CANCELED if verb == "job.canceled" else JobState.COMPLETED
            columns |= {"state": state, "finished_at": sent_at}
        else:
            columns |= columns_of(after)
            if not is_done(after):
                note_reading(job, sent_at=sent_at, **columns_of(after))
                raise NotDone
    with transaction.atomic():
        if columns.get("held_at") and _is_held_by_us(job):
            # It was released on the server only. What held it, a leaving or a person, goes on holding it.
            columns = {name: value for name, value in columns.items() if name not in NOT_HELD_BY_US}
        note_reading(job, sent_at=sent_at, **columns)
        record_job(job, verb, by=by, **details)
    return job


def _act(
    client: Client, job: PrintJob, before: Job, act: Callable[[Client, Job], dict[str, Any]]
) -> dict[str, Any]:
    """Return what ``act`` does. Raises JobIsOver where someone else released or ended the job before."""
    try:
        return act(client, before)
    except (NotPossible, Gone) as error:
        now = _read(client, job).state
        if now == before.state:
            raise
        if now != Shown.HELD:  # nor do we hold it: a round would do so again, in the middle of a page
            PrintJob.objects.filter(pk=job.pk).update(**NOT_HELD_BY_US)
        raise JobIsOver from error


def _is_held_by_us(job: PrintJob) -> bool:
    """Whether the row says so now; locks it."""
    rows = PrintJob.objects.select_for_update(no_key=True).filter(pk=job.pk)
    return rows.values_list("held_at", flat=True).get() is not None


def _read(client: Client, job: PrintJob) -> Job:
    """The job as the server shows it now. Raises JobIsOver, JobIsAnother."""
    sent_at = timezone.now()
    try:
        reading = client.job(job.remote_id)
    except Gone as error:
        note_reading(job, sent_at=sent_at, gone_at=sent_at)
        raise JobIsOver from error
    if not is_same(job, reading):
        raise JobIsAnother
    note_reading(job, sent_at=sent_at, **columns_of(reading))
    return reading


def is_same(job: PrintJob, reading: Job) -> bool:
    """Whether ``reading`` is ``job`` and not one that got its number after the server was set up again.

    Told by when it was created: a client may state any job-uuid, also another job's, but no time.
    """
    if reading.created_at is None:
        return job.job_uuid in ("", reading.uuid)
    # Some servers count from when they started, which makes a time that varies by a second.
    return abs((job.submitted_at - reading.created_at).total_seconds()) <= 2  # noqa: PLR2004
