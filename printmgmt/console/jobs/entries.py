"""The jobs of one person that are not over, as their page shows them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import prefetch_related_objects

from printmgmt.console.jobs.buttons import buttons_of
from printmgmt.console.jobs.servers import is_read
from printmgmt.console.jobs.statuses import JOB, shown_job
from printmgmt.console.jobs.waiting import waited
from printmgmt.console.jobs.words import devices_of, in_release_queue, state_notes
from printmgmt.console.shell.navigation import Text
from printmgmt.console.shell.selection import SelectionButton
from printmgmt.console.shell.statuses import Status
from printmgmt.people.models import PrintUser
from printmgmt.printing.models import IS_OPEN, Printer, PrintJob


@dataclass(frozen=True)
class Entry:
    """One job: how it is shown, why and how long it waits, and what can be done to it."""

    job: PrintJob
    status: Status
    notes: list[Text]
    run: Any
    as_of: datetime | None
    waited: str
    buttons: list[SelectionButton]
    devices: list[Printer]


def open_jobs(person: PrintUser, most: int) -> tuple[list[Entry], bool]:
    """Return the newest jobs of a person that are not over, and whether there are more than so many."""
    jobs = PrintJob.objects.filter(IS_OPEN, person__in=person.row_ids).select_related("printer", "server")
    found = list(jobs.order_by("-submitted_at", "-id")[: most + 1])
    prefetch_devices(found)
    return list(_entries(found[:most])), len(found) > most


def prefetch_devices(jobs: Sequence[PrintJob]) -> None:
    """Read where jobs of secure release queues may be released; no query where there are none of them."""
    queues = [job.printer for job in jobs if job.printer and in_release_queue(job)]
    prefetch_related_objects(queues, "devices")


def _entries(jobs: list[PrintJob]) -> Iterator[Entry]:
    for job in jobs:
        yield Entry(
            job=job,
            status=JOB.of(shown_job(job)),
            notes=list(state_notes(job)),
            run=job.held_by_run,
            as_of=None if is_read(job.server) else job.seen_at,
            waited=waited(job),
            buttons=buttons_of(job),
            devices=devices_of(job),
        )
