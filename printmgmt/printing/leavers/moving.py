"""Moves held jobs of leavers to a stopped queue of their server, where a release prints nothing, and back."""

from enum import Enum, StrEnum, auto

from printmgmt.audit.actors import Actor
from printmgmt.printing.ipp.attributes import QueueState
from printmgmt.printing.ipp.client import Client
from printmgmt.printing.ipp.errors import Gone
from printmgmt.printing.jobs.audit import record_job
from printmgmt.printing.leavers.looking import look_again
from printmgmt.printing.models import Printer, PrintJob, PrintServer


class Unfit(StrEnum):
    """Why the jobs of leavers stay where they are on a server."""

    NONE = "none-chosen"
    MISSING = "missing"
    RUNNING = "running"
    """It prints what it gets."""


def queue_for_leavers(client: Client, server: PrintServer) -> Printer | Unfit:
    """Return the queue that was chosen for jobs of leavers, if it is stopped now. Raises IppError."""
    chosen = server.leavers_printer
    if chosen is None:
        return Unfit.NONE
    try:
        queue = client.queue(chosen.name)
    except Gone:
        return Unfit.MISSING
    return chosen if queue.state == QueueState.STOPPED and not queue.is_class else Unfit.RUNNING


class Moved(Enum):
    """What became of a job that was to be moved."""

    NO = auto()
    """It is over, or prints."""
    BEFORE = auto()
    """It was there already."""
    NOW = auto()


def move_held(client: Client, row: PrintJob, name: str) -> Moved:
    """Move a job that is held to the queue of this name. Raises IppError. The caller notes it."""
    seen = look_again(client, row)
    if seen is None or seen.is_over or seen.prints:
        return Moved.NO
    if seen.job.printer_name == name:
        return Moved.BEFORE
    client.move(row.remote_id, name)
    seen = look_again(client, row)
    return Moved.NO if seen is None or seen.job.printer_name != name else Moved.NOW


def note_moved(row: PrintJob, name: str, *, by: Actor) -> None:
    """Note that we moved a job to the queue of this name."""
    row.printer = Printer.objects.filter(server=row.server_id, name=name).first()
    PrintJob.objects.filter(pk=row.pk).update(printer=row.printer)
    record_job(row, "job.moved", by=by, printer=name)
