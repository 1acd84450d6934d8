"""The jobs that are not over on a server: read once for everyone who left before it was read."""

import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Self
from uuid import UUID

from django.db.models import Min
from django.utils import timezone

from printmgmt.people.names import name_key
from printmgmt.printing.ipp.attributes import Job
from printmgmt.printing.ipp.client import Client, Limits
from printmgmt.printing.ipp.errors import IppError
from printmgmt.printing.models import OPEN, PrintJob, PrintServer, ServerRound
from printmgmt.printing.servers.connecting import client_for

_CHEAP: Final = (
    *("job-printer-uri", "job-printer-up-time"),
    *("job-originating-user-name", "time-at-creation"),
)
"""What CUPS knows without reading a job's file: only these come in pages of 1,000."""

_AGE: Final = 30.0
"""Seconds after which a server is read again from its first open job; until then only newer jobs are read."""

_FAILED: Final = 5.0
"""A server that did not answer is not asked again for so many seconds, or so many times as long as it took:
leavers wait for other servers as well.
"""

_LIMITS: Final = Limits(connect=3.0, answer=15.0)

_CLOCK_ERROR: Final = timedelta(seconds=2)
"""How far the clocks of two of our machines may differ."""


@dataclass(frozen=True)
class OpenJobs:
    """The jobs of a server that were not over at ``sent_at``, by number.

    ``newest`` is the highest number there was, also of a job that is over. ``hidden``: how many name no owner
    to us. Which of them still wait has to be asked one by one: the older ones were read up to 30 s before.
    """

    sent_at: datetime
    newest: int = 0
    jobs: Mapping[int, Job] = field(default_factory=dict)
    hidden: int = 0
    _by_name: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @classmethod
    def read(cls, server: PrintServer, client: Client) -> Self:
        """Read a server from the lowest job on that was open when a round read it last. Raises IppError.

        Which jobs have rows says nothing about what came since that round: of those, only leavers' jobs that
        someone looked at have one.
        """
        rounds = ServerRound.objects.filter(server=server)
        known = rounds.values_list("last_job_id", flat=True).first() or 0
        rows = PrintJob.objects.filter(server=server, generation=server.generation)
        lowest = rows.filter(state__in=OPEN, gone_at__isnull=True).aggregate(first=Min("remote_id"))["first"]
        first = max(1, known if lowest is None else min(lowest, known))
        sent_at = timezone.now()
        jobs = list(client.jobs(first, attributes=_CHEAP))
        if first > 1 and all(job.id != known for job in jobs):
            # The last job that was known is gone: it was purged, or the server counts from 1 again.
            sent_at = timezone.now()
            jobs = list(client.jobs(attributes=_CHEAP))
        return cls(sent_at)._with(jobs, sent_at)

    def and_newer(self, client: Client) -> Self:
        """Return these jobs and those that came since. One request where there are few. Raises IppError."""
        sent_at = timezone.now()
        return self._with(client.jobs(self.newest + 1, attributes=_CHEAP), sent_at)

    def named(self, keys: Iterable[str]) -> list[Job]:
        """Return the jobs that name an owner with one of these keys, by number."""
        numbers = {number for key in keys for number in self._by_name.get(key, ())}
        return [self.jobs[number] for number in sorted(numbers)]

    def _with(self, read: Iterable[Job], sent_at: datetime) -> Self:
        jobs, by_name = dict(self.jobs), dict(self._by_name)
        newest, hidden = self.newest, self.hidden
        for job in read:
            newest = job.id
            if job.state.is_over:
                continue
            jobs[job.id] = job
            hidden += not job.owners
            for key in {name_key(owner) for owner in job.owners}:
                by_name[key] = (*by_name.get(key, ()), job.id)
        return type(self)(sent_at, newest, jobs, hidden, by_name)


class _Shelf:
    """What this process read of one server last. One thread reads; the others wait for it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.jobs: OpenJobs | None = None
        self.begun = 0.0
        self.error: IppError | None = None
        self.asked_again = 0.0


_shelves: dict[tuple[UUID, str], _Shelf] = {}
_shelves_lock = threading.Lock()


def open_jobs(server: PrintServer, *, after: datetime) -> OpenJobs:
    """Return the open jobs of a server, read after that moment: perhaps for someone else who left as well.

    Jobs that came later may be missing. Raises IppError, for a while the same without asking again.
    """
    shelf = _shelf(server)
    with shelf.lock:
        if shelf.error is not None and time.monotonic() < shelf.asked_again:
            raise shelf.error.with_traceback(None)
        if shelf.jobs is None or shelf.jobs.sent_at < after + _CLOCK_ERROR:
            _refresh(shelf, server)
        return _read(shelf)


def newer_jobs(server: PrintServer) -> OpenJobs:
    """Return the open jobs of a server as `open_jobs`, with those that came until now. Raises IppError."""
    shelf = _shelf(server)
    with shelf.lock:
        _refresh(shelf, server)
        return _read(shelf)


def _refresh(shelf: _Shelf, server: PrintServer) -> None:
    begun = time.monotonic()
    shelf.error = None
    try:
        with client_for(server, limits=_LIMITS) as client:
            if shelf.jobs is not None and begun - shelf.begun < _AGE:
                shelf.jobs = shelf.jobs.and_newer(client)
            else:
                shelf.jobs, shelf.begun = OpenJobs.read(server, client), begun
    except IppError as error:
        now = time.monotonic()
        shelf.error, shelf.asked_again = error, now + _FAILED * max(1.0, now - begun)
        raise


def _read(shelf: _Shelf) -> OpenJobs:
    if shelf.jobs is None:
        raise AssertionError("a server that was read has jobs, perhaps none")
    return shelf.jobs


def _shelf(server: PrintServer) -> _Shelf:
    """Return the shelf of a server as it is reached now; others that are old are thrown away."""
    access = (
        f"{server.generation} {server.uri} {server.user_name} {server.sealed_secret} {server.fingerprint}"
    )
    now = time.monotonic()
    with _shelves_lock:
        for key, shelf in list(_shelves.items()):
            if now > max(shelf.begun + _AGE, shelf.asked_again) and not shelf.lock.locked():
                del _shelves[key]
        return _shelves.setdefault((server.pk, access), _Shelf())
