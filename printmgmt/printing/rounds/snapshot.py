"""One reading of a server: its queues where they are due, then its jobs, page by page into rows."""

import time
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

import structlog
from django.db import connection
from django.db.models import Q, QuerySet

from printmgmt.people.models import PrintAlias
from printmgmt.printing.ipp.attributes import Job
from printmgmt.printing.ipp.client import Client
from printmgmt.printing.jobs.matching import match_jobs, nobodys_jobs
from printmgmt.printing.models import OPEN, PrintJob, PrintServer, ServerRound
from printmgmt.printing.rounds.details import CHEAP, read_details
from printmgmt.printing.rounds.holding import hold_again
from printmgmt.printing.rounds.identity import Rebuilt
from printmgmt.printing.rounds.observers import observe, observe_jobs
from printmgmt.printing.rounds.plan import GAP, plan
from printmgmt.printing.rounds.queues import Queues
from printmgmt.printing.rounds.reconciling import Reconciler
from printmgmt.printing.servers.entries import used_elsewhere
from printmgmt.work.claims import Claim

log = structlog.get_logger(__name__)

CHUNK: Final = 5_000
"""Jobs that are made into rows at once."""

PAGE: Final = 1_000
"""Jobs that are asked for with one request."""

LONGEST: Final = 45.0
"""Seconds after which a round begins no further chunk; the next one goes on at once from there."""

WHOLE: Final = 5_000
"""A server with more jobs than this, waiting and past, is not read from its first job every few minutes."""

_OVERLAP: Final = timedelta(minutes=1)
"""A change of a person may be committed so much later than it says."""


class Snapshot:
    """A round of one server under its lease. What each request read is older than ``sent_at`` in no row."""

    def __init__(self, claim: Claim[ServerRound], client: Client, *, sent_at: datetime) -> None:
        self._claim = claim
        self._round = claim.row
        self._server: PrintServer = claim.row.server
        self._client = client
        self._sent_at = sent_at
        self._renewed = time.monotonic()
        self._deadline = self._renewed + LONGEST
        self._queues = Queues(self._server, client, sent_at=sent_at)
        self._newest_id = self._round.last_job_id
        self._newest_at = self._round.last_job_at
        self._highest: tuple[int, datetime | None] = (0, None)
        self._open_ids = list(self._open_jobs().order_by("remote_id").values_list("remote_id", flat=True))
        self._is_shared = used_elsewhere(self._server.organization, self._server.address_key)
        self.is_complete = False
        self.counts = {"new": 0, "changed": 0, "gone": 0, "held_again": 0, "matched": 0}

    def read(self) -> dict[str, Any]:
        """Read what is due and write it; return the columns of the round. Raises IppError and LeaseLost.

        ``is_complete`` is False where time was up before the last job.
        """
        _let_connection_go()
        thorough = self._round.queues_due_at <= self._sent_at
        if thorough or self._queues.have_secure_release:
            self._queues.refresh()
            observe(self._server, self._client, self._queues.rows)
        try:
            self._read_jobs(thorough=thorough)
        except Rebuilt:
            self._start_generation()
            self._read_jobs(thorough=True)
        self.counts["matched"] = self._match_past()
        observe_jobs(self._server, self._round.jobs_read_at)
        return {
            "jobs_read_at": self._sent_at,
            "last_job_id": self._highest[0],
            "last_job_at": self._highest[1],
            **({"queues_read_at": self._sent_at} if thorough else {}),
        }

    def _read_jobs(self, *, thorough: bool) -> None:
        apart, first = plan(self._open_ids, self._newest_id)
        if thorough and (self._server.job_count or 0) <= WHOLE:
            apart, first = [], 1
        reconciler = Reconciler(
            self._server,
            self._client,
            self._queues,
            sent_at=self._sent_at,
            newest_id=self._newest_id,
            newest_at=self._newest_at,
            is_shared=self._is_shared,
            thorough=thorough,
            stay=self._stay,
        )
        seen: set[int] = set()
        if apart:
            self._take(reconciler, list(read_details(self._client, apart, self._stay).values()), seen)
        self.is_complete = self._take_from(reconciler, first, seen)
        if self.is_complete and self._newest_id not in seen and first > 1:
            # It was purged, or the numbers went back: what is there below it?
            below = max(1, self._newest_id - GAP)
            self.is_complete = self._take_from(reconciler, min(below, first), seen)
            if self.is_complete and not self._highest[0] and below > 1:
                self.is_complete = self._take_from(reconciler, 1, seen)
        if first == 1:
            PrintServer.objects.filter(pk=self._server.pk).update(job_count=len(seen))
        if self.is_complete:
            self._note_gone(set(self._open_ids) - seen)
        self.counts["held_again"] += hold_again(self._client, self._server, reconciler.lost, self._stay)
        self.counts["new"] += reconciler.new
        self.counts["changed"] += reconciler.changed

    def _take_from(self, reconciler: Reconciler, first: int, seen: set[int]) -> bool:
        """Take all jobs from a number on; return False where time was up before the last one."""
        for number, chunk in enumerate(self._chunks(self._client.jobs(first, page=PAGE, attributes=CHEAP))):
            if number and time.monotonic() > self._deadline:
                log.info("a server has more jobs than a round reads", server=str(self._server.pk))
                return False
            self._take(reconciler, chunk, seen)
        return True

    def _take(self, reconciler: Reconciler, jobs: list[Job], seen: set[int]) -> None:
        jobs = [job for job in jobs if job.id not in seen]
        if jobs:
            reconciler.take(jobs)
            seen.update(job.id for job in jobs)
            newest = max(jobs, key=lambda job: job.id)
            self._highest = max(self._highest, (newest.id, newest.created_at), key=lambda seen: seen[0])

    def _chunks(self, jobs: Iterator[Job]) -> Iterator[list[Job]]:
        chunk: list[Job] = []
        while page := list(islice(jobs, PAGE)):
            self._stay()
            chunk += page
            if len(chunk) >= CHUNK:
                yield chunk
                chunk = []
        if chunk:
            yield chunk

    def _stay(self) -> None:
        """Keep the lease while a server is slow. Raises LeaseLost."""
        if time.monotonic() - self._renewed > self._claim.lease.total_seconds() / 3:
            self._claim.renew()
            self._renewed = time.monotonic()

    def _open_jobs(self) -> QuerySet[PrintJob]:
        return PrintJob.objects.filter(
            server=self._server,
            generation=self._server.generation,
            state__in=OPEN,
            gone_at__isnull=True,
        )

    def _note_gone(self, numbers: Iterable[int]) -> None:
        """The server no longer has these jobs. What someone read since is not touched."""
        gone = sorted(numbers)
        for begin in range(0, len(gone), CHUNK):
            rows = self._open_jobs().filter(
                remote_id__in=gone[begin : begin + CHUNK], seen_at__lt=self._sent_at
            )
            self.counts["gone"] += rows.update(gone_at=self._sent_at)

    def _start_generation(self) -> None:
        """The server was set up again: none of its former jobs is there, and numbers begin at 1."""
        log.warning("a print server was set up anew", server=str(self._server.pk))
        self.counts["gone"] += self._open_jobs().update(gone_at=self._sent_at)
        self._server.generation += 1
        self._server.save(update_fields=["generation"])
        self._newest_id, self._newest_at, self._highest = 0, None, (0, None)
        self._open_ids = []

    def _match_past(self) -> int:
        """Find owners of past jobs whose name someone got since the last round; return how many.

        Jobs that are there were matched while they were read. People change in too many places to tell each
        of them about printing, and all of them are rooms below: so a round looks who changed.
        """
        last = self._round.jobs_read_at
        if last is None:
            return 0
        names = PrintAlias.objects.filter(
            organization=self._server.organization, person__updated_at__gte=last - _OVERLAP
        )
        jobs = nobodys_jobs(self._server.organization).filter(
            Q(owner_key__in=names.values("value_key")) | Q(owner_key__in=names.values("local_key")),
            server=self._server,
        )
        return match_jobs(self._server.organization, jobs)


def _let_connection_go() -> None:
    """The server may take its time to answer: the database has better use for a connection."""
    if not connection.in_atomic_block:
        connection.close()
