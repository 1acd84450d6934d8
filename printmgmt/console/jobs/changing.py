"""Holds, releases and cancels several jobs while a person waits: by server, within a time for all of them."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from time import monotonic
from typing import Final

from django.utils.translation import gettext as _

from printmgmt.audit.actors import Actor
from printmgmt.console.jobs.buttons import Deed
from printmgmt.console.jobs.words import devices_of
from printmgmt.printing.ipp.client import Client, Limits
from printmgmt.printing.ipp.errors import IppError, NotNow
from printmgmt.printing.jobs.actions import cancel_job, hold_job, release_job
from printmgmt.printing.jobs.errors import JobError
from printmgmt.printing.models import Printer, PrintJob, PrintServer
from printmgmt.printing.servers.connecting import client_for

TIME: Final = 10.0
"""Seconds after which no further job is begun: a page must not wait for a server that hangs."""

LIMITS: Final = Limits(connect=2.0, answer=4.0)
"""For each of a job's requests (four at most), so that the last one that was begun adds some seconds."""


@dataclass(frozen=True)
class Outcome:
    """What became of one job; ``refusal`` is why it was not done, a sentence, and empty where it was."""

    job: PrintJob
    refusal: str = ""


def change_jobs(
    deed: Deed, jobs: Sequence[PrintJob], *, by: Actor, to: Printer | None = None
) -> Iterator[Outcome]:
    """Do something to each of these jobs, and say of each what became of it.

    A job that is released goes to ``to``, or to the device of its secure release queue. Call outside a
    transaction. After `TIME` seconds, and after a server that cannot be asked, the rest is not tried; servers
    that answered last time come first.
    """
    deadline = monotonic() + TIME
    for server, its_jobs in _by_server(jobs):
        yield from _on_server(deed, server, its_jobs, by=by, to=to, deadline=deadline)


def _by_server(jobs: Sequence[PrintJob]) -> list[tuple[PrintServer, list[PrintJob]]]:
    servers = {job.server_id: job.server for job in jobs}
    by_server = defaultdict(list)
    for job in jobs:
        by_server[job.server_id].append(job)
    found = [(server, by_server[pk]) for pk, server in servers.items()]
    return sorted(found, key=lambda pair: bool(pair[0].problem))


def _on_server(  # noqa: PLR0913 -- the words of a request, and its deadline
    deed: Deed,
    server: PrintServer,
    jobs: list[PrintJob],
    *,
    by: Actor,
    to: Printer | None,
    deadline: float,
) -> Iterator[Outcome]:
    failed = ""
    with ExitStack() as stack:
        client: Client | None = None
        for job in jobs:
            if failed:
                yield Outcome(job, _("Not tried: %(reason)s") % {"reason": failed})
                continue
            if monotonic() >= deadline:
                yield Outcome(job, _("Not tried: the print servers took too long. Select it again."))
                continue
            try:
                client = client or stack.enter_context(client_for(server, limits=LIMITS))
                _do(deed, job, client, by=by, to=to)
            except NotNow as error:
                failed = str(error)
                yield Outcome(job, failed)
            except (IppError, JobError) as error:
                yield Outcome(job, str(error))
            else:
                yield Outcome(job)


def _do(deed: Deed, job: PrintJob, client: Client, *, by: Actor, to: Printer | None) -> None:
    if deed == Deed.RELEASE:
        release_job(job, by=by, to=to or _device_of(job), through=client)
    else:
        _DEEDS[deed](job, by=by, through=client)


_DEEDS: Final[dict[str, Callable[..., PrintJob]]] = {Deed.HOLD: hold_job, Deed.CANCEL: cancel_job}


class SeveralDevices(JobError):
    """The job is in a secure release queue that has several devices, and nobody chose one."""

    def __init__(self) -> None:
        super().__init__(_("This queue has several printers. Release the job by itself and choose one."))


def _device_of(job: PrintJob) -> Printer | None:
    """Return the device to which a release moves a job, None where it has none. Raises SeveralDevices."""
    devices = devices_of(job)
    if len(devices) > 1:
        raise SeveralDevices
    return next(iter(devices), None)
