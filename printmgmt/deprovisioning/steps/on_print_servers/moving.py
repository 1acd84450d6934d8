"""Jobs that a leaving held go to the stopped queue chosen for their server, and back when the person is."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from printmgmt.audit.actors import Actor
from printmgmt.deprovisioning.models import DeprovisionRun
from printmgmt.deprovisioning.steps.base import Evidence, StepError
from printmgmt.deprovisioning.steps.on_print_servers.acting import in_time, stop_if_over
from printmgmt.printing.ipp.client import Client
from printmgmt.printing.ipp.errors import Gone, NotPossible
from printmgmt.printing.leavers.holding import row_numbered
from printmgmt.printing.leavers.moving import Moved, Unfit, move_held, note_moved, queue_for_leavers
from printmgmt.printing.models import PrintServer

Entry = dict[str, Any]


def move_aside(
    client: Client, run: DeprovisionRun, server: PrintServer, evidence: Evidence, *, by: Actor
) -> None:
    """Move the jobs that this leaving held or found held, noting each before and after."""
    queue = queue_for_leavers(client, server)
    if isinstance(queue, Unfit):
        evidence["not_moved"] = str(queue)
        return
    evidence.pop("not_moved", None)
    for entry in in_time(_waiting(evidence)):
        if "moved" in entry or entry["printer"] == queue.name:
            continue
        row = row_numbered(server, entry["job"])
        if row is None:
            continue
        entry["aside"] = queue.name
        evidence.keep()
        stop_if_over(run)
        # Where it is there already, an attempt moved it that did not live to note it.
        if move_held(client, row, queue.name) is not Moved.NO:
            with transaction.atomic():
                note_moved(row, queue.name, by=by)
                entry["moved"] = timezone.now().isoformat()
                evidence.keep()
        evidence.keep()


def move_back(client: Client, server: PrintServer, entry: Entry, evidence: Evidence, *, by: Actor) -> None:
    """Move a job back to its own queue, if it was moved aside. Raises StepError if that queue is gone."""
    row = row_numbered(server, entry["job"]) if "aside" in entry and "back" not in entry else None
    if row is None:
        return
    try:
        moved = move_held(client, row, entry["printer"])
    except (Gone, NotPossible) as error:
        raise StepError(
            _(
                "Job %(job)d cannot go back: the queue %(printer)s is gone or takes no jobs. Release the job "
                "at another printer, or bring the queue back and retry."
            )
            % {"job": entry["job"], "printer": entry["printer"]},
            permanent=True,
        ) from error
    if moved is Moved.NO:
        return
    with transaction.atomic():
        if moved is Moved.NOW or "moved" in entry:  # else it never left
            note_moved(row, entry["printer"], by=by)
        entry["back"] = timezone.now().isoformat()
        evidence.keep()


def moved_aside(evidence: Evidence) -> Iterator[Entry]:
    """Yield the jobs that this step found held and moved, or may have moved before a worker died."""
    yield from (entry for entry in evidence.get("already_held", ()) if "aside" in entry)


def places_of(entries: Iterable[Entry]) -> tuple[set[str], set[str]]:
    """Return the queues in which jobs wait: those they were sent to, and those they were moved to."""
    here = {entry["printer"] for entry in entries if "moved" not in entry}
    return here, {entry["aside"] for entry in entries if "moved" in entry}


def check_moved(evidence: Evidence) -> None:
    """Raise StepError if jobs should have been moved and the queue chosen for that does not do."""
    if evidence.get("not_moved") in (Unfit.MISSING, Unfit.RUNNING):
        raise StepError(
            _(
                "The jobs are held, but were not moved: the queue for leavers' jobs is gone or not stopped. "
                "Stop it, or choose another one on the print server's page, then retry."
            ),
            permanent=True,
        )


def _waiting(evidence: Evidence) -> list[Entry]:
    held = [entry for entry in evidence.get("held", ()) if "at" in entry and "ended" not in entry]
    return [*held, *evidence.get("already_held", ())]
