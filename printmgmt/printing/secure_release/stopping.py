"""Stops and resumes a queue on its server and reads it again."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from printmgmt.printing.ipp.attributes import Queue, QueueState
from printmgmt.printing.ipp.client import Client
from printmgmt.printing.models import Printer, PrinterState
from printmgmt.printing.secure_release.errors import NotResumed, NotStopped


@dataclass(frozen=True)
class Reading:
    """How the server showed a queue, by a request sent at ``sent_at``."""

    queue: Printer
    shown: Queue
    sent_at: datetime

    def note(self) -> None:
        """Write the state into the row. Only under the server's lease: no round writes an older one later."""
        row, shown = self.queue, self.shown
        row.state, row.state_message = PrinterState(shown.state), shown.state_message
        row.state_reasons = list(shown.state_reasons)
        row.last_seen_at = self.sent_at
        row.save(update_fields=["state", "state_reasons", "state_message", "last_seen_at"])


def stop(client: Client, queue: Printer) -> None:
    """Stop a queue: its jobs wait. One that prints is interrupted and waits, too.

    Raises NotStopped if it then is not, and IppError. The row shows what was read.
    """
    client.pause_queue(queue.name)
    reading = _read(client, queue)
    reading.note()
    if reading.shown.state != QueueState.STOPPED:
        raise NotStopped


def resume(client: Client, queue: Printer) -> Reading:
    """Have a queue print what waits in it; the caller notes what was read.

    Raises NotResumed if it then is stopped, and IppError.
    """
    client.resume_queue(queue.name)
    reading = _read(client, queue)
    if reading.shown.state == QueueState.STOPPED:
        raise NotResumed
    return reading


def _read(client: Client, queue: Printer) -> Reading:
    sent_at = timezone.now()
    return Reading(queue, client.queue(queue.name), sent_at)
