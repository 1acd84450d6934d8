"""Holds the jobs of a leaver, and lets those go that the leaving held once the person is back."""

from typing import Final
from uuid import UUID

from django.utils import timezone

from printmgmt.printing.ipp.client import Client
from printmgmt.printing.ipp.errors import Gone, IppError, NotNow, NotPossible
from printmgmt.printing.jobs.actions import INDEFINITE, NOT_HELD_BY_US, hold_forgotten
from printmgmt.printing.leavers.looking import Seen, look_again
from printmgmt.printing.models import PrintJob, PrintServer

_AT_ONCE: Final = ("", "no-hold")
"""What job-hold-until says of a job that waits for nothing."""


def hold(client: Client, seen: Seen, *, run: UUID, step: str, until: str) -> Seen | None:
    """Hold a waiting job for a run, and read it again; None if it ended in the meantime. Raises IppError.

    The row says that the run holds the job before the server does: a worker that dies in between leaves a
    row that the next one, or a round, finds. ``until`` is job-hold-until before the leaving held it. The
    caller records it.
    """
    row = seen.row
    mark_held(row, run=run, step=step, until=until)
    try:
        client.hold(row.remote_id, INDEFINITE)
    except (Gone, NotPossible):
        pass  # printed, or canceled by its owner, while it was read
    except NotNow:
        raise  # held perhaps: the row says so until someone looks
    except IppError:
        forget_hold(row)
        raise
    after = look_again(client, row)
    if after is None or after.is_over:
        forget_hold(row)
    return after


def mark_held(row: PrintJob, *, run: UUID, step: str, until: str) -> None:
    """Note that a run holds the job, in the row and in memory."""
    _set(
        row,
        held_at=timezone.now(),
        held_by_run=run,
        held_by_step=step,
        held_by="",
        hold_until_before=until,
    )


def forget_hold(row: PrintJob) -> None:
    """Note that we do not hold the job, in the row and in memory."""
    _set(row, **NOT_HELD_BY_US)


def row_numbered(server: PrintServer, number: int) -> PrintJob | None:
    """Return the row of a job of the server by its number."""
    rows = PrintJob.objects.select_related("server", "organization")
    return rows.filter(server=server, generation=server.generation, remote_id=number).first()


def is_ours(row: PrintJob, *, run: UUID, begun: bool) -> bool:
    """Whether ``run`` holds the job; ``begun`` as for `let_go`."""
    return row.held_by_run == run or (begun and row.held_at is None)


def let_go(client: Client, row: PrintJob, *, run: UUID, begun: bool, until: str) -> bool:
    """Give a job back that ``run`` held; return whether it was still held so. Raises IppError.

    One that would have printed at a time is held until then, any other one is released. ``begun``: an
    earlier attempt began with this and may have forgotten the hold in the row, and released the job. The
    caller records it.
    """
    if not is_ours(row, run=run, begun=begun):
        return False
    seen = look_again(client, row)
    if seen is None or not seen.stays:
        by_an_earlier_attempt = row.held_at is None
        forget_hold(row)
        return by_an_earlier_attempt
    with hold_forgotten(row):
        if until in _AT_ONCE:
            client.release(row.remote_id)
        else:
            client.hold(row.remote_id, until)
    forget_hold(row)
    look_again(client, row)
    return True


def _set(row: PrintJob, **columns: object) -> None:
    PrintJob.objects.filter(pk=row.pk).update(**columns)
    for name, value in columns.items():
        setattr(row, name, value)
