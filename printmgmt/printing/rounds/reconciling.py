"""Makes what was read of jobs into rows: new ones, changed ones, and none written that are as they were."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import transaction

from printmgmt.deadlocks import retry_on_deadlock
from printmgmt.printing.ipp.attributes import Job
from printmgmt.printing.ipp.client import Client
from printmgmt.printing.ipp.names import LONGEST_TEXT, cut
from printmgmt.printing.jobs.owners import Owner, Submission, find_owners
from printmgmt.printing.jobs.readings import columns_of, reasons_of
from printmgmt.printing.models import JobState, OwnerDoubt, PrintJob, PrintServer
from printmgmt.printing.rounds.details import read_details
from printmgmt.printing.rounds.identity import CLOCK_ERROR, Rebuilt, is_same
from printmgmt.printing.rounds.queues import Queues

INDEFINITE: Final = "indefinite"

_PROBE: Final = "printmgmt-probe-"
"""How the owners of the jobs begin that a test of the server makes and purges (`servers.probe`)."""

SETTLED: Final = timedelta(seconds=30)
"""A job that someone read or changed less than this before is in their hands."""

_UNHELD: Final[dict[str, Any]] = {
    "held_at": None,
    "held_by_run": None,
    "held_by_step": "",
    "held_by": "",
    "hold_until_before": "",
    "holds_lost": 0,
    "late_for_run": None,
}

_WRITTEN: Final = (
    *("state", "state_reasons", "hold_until", "impressions", "sheets", "finished_at", "gone_at", "seen_at"),
    *(
        "printer",
        "job_uuid",
        "title",
        "submitted_at",
        "owner_text",
        "owner_key",
        "doubt",
        "person",
        "claimed",
    ),
    *_UNHELD,
)


class _Decision(NamedTuple):
    """Whose a job is, as its row says."""

    person_id: UUID | None
    doubt: str
    claimed: bool


class Reconciler:
    """Takes jobs, some thousands at a time, that requests sent at ``sent_at`` or later have read.

    ``newest_id`` and ``newest_at`` are number and time of the newest job that was known before. With
    ``is_shared`` another organization has this server too, and jobs of nobody here are not kept. A
    ``thorough`` round reads everything of open jobs again, also what changes without a change of state.
    ``stay`` is called between requests and keeps the lease.
    ``recognized``: a job was there that we knew. ``lost`` are jobs that did not stay held by us.
    """

    def __init__(
        self,
        server: PrintServer,
        client: Client,
        queues: Queues,
        *,
        sent_at: datetime,
        newest_id: int,
        newest_at: datetime | None,
        is_shared: bool,
        thorough: bool,
        stay: Callable[[], None],
    ) -> None:
        self._server = server
        self._client = client
        self._queues = queues
        self._sent_at = sent_at
        self._newest_id = newest_id
        self._newest_at = newest_at
        self._is_shared = is_shared
        self._thorough = thorough
        self._stay = stay
        self.recognized = False
        self.new = self.changed = 0
        self.lost: list[PrintJob] = []

    def take(self, jobs: list[Job]) -> None:
        """Write what is new and what changed. Raises Rebuilt, and then nothing was written.

        Four statements, and three at most for names, however many jobs.
        """
        jobs = [job for job in jobs if not _is_of_probe(job)]
        rows = self._rows(jobs)
        strange = {job.id for job in jobs if self._is_strange(rows.get(job.id), job)}
        self.recognized = self.recognized or any(
            job.id in rows and job.id not in strange and job.created_at is not None for job in jobs
        )
        self._look_whether_rebuilt(rows, jobs, strange)
        owners = self._owners(rows, jobs, strange)
        if self._is_shared:
            jobs = [job for job in jobs if job.id in rows or owners[job.id].person is not None]
        needed = [job.id for job in jobs if job.id in strange or self._needs(rows.get(job.id), job)]
        decided = {row.pk: _decision(row) for row in rows.values()}
        details = read_details(self._client, needed, self._stay)
        new, changed = [], []
        for cheap in jobs:
            job = details.get(cheap.id, cheap)
            row = rows.get(job.id)
            if row is None:
                if job.id in details:
                    new.append(self._new(job, owners[job.id]))
            elif job.id in strange and not is_same(row, job):
                self._fill(row, self._first_columns(job, owners[job.id]) | _UNHELD)
                del decided[row.pk]  # what was said of the former job means nothing
                changed.append(row)
            else:
                self._note_lost(row, job)
                if self._fill(row, self._columns(row, job, owners.get(job.id), told=job.id in details)):
                    changed.append(row)
        self._write(new, changed, decided)

    def _rows(self, jobs: list[Job]) -> dict[int, PrintJob]:
        found = PrintJob.objects.filter(
            server=self._server,
            generation=self._server.generation,
            remote_id__in=[job.id for job in jobs],
        )
        return {row.remote_id: row for row in found}

    def _is_strange(self, row: PrintJob | None, job: Job) -> bool:
        """Whether this seems to be another job than the one that had its number, or a number given again."""
        if row is not None:
            return not is_same(row, job)
        return (
            job.id < self._newest_id
            and job.created_at is not None
            and self._newest_at is not None
            and job.created_at > self._newest_at + CLOCK_ERROR
        )

    def _look_whether_rebuilt(self, rows: dict[int, PrintJob], jobs: list[Job], strange: set[int]) -> None:
        """Raise Rebuilt if no job is one that we knew and one is certainly another.

        Where others are still there, a crash lost the newest jobs and their numbers were given again.
        """
        if self.recognized:
            return
        suspect = next((job for job in jobs if job.id in strange), None)
        if suspect is None:
            return
        row = rows.get(suspect.id)
        if row is None:
            raise Rebuilt
        told = read_details(self._client, [suspect.id], self._stay).get(suspect.id)
        if told is not None and not is_same(row, told):
            raise Rebuilt

    def _owners(self, rows: dict[int, PrintJob], jobs: list[Job], strange: set[int]) -> dict[int, Owner]:
        """Return whose the jobs are that are new, and those of nobody of which the server says more now."""
        asked = [job for job in jobs if job.id not in rows or job.id in strange or rows[job.id].doubt]
        found = find_owners(
            self._server.organization, [Submission(job.owners, job.created_at) for job in asked]
        )
        return {job.id: owner for job, owner in zip(asked, found, strict=True)}

    def _needs(self, row: PrintJob | None, job: Job) -> bool:
        if row is None:
            return True
        changed = row.state != job.state or row.state_reasons != reasons_of(job)
        return changed or (self._thorough and not job.state.is_over)

    def _new(self, job: Job, owner: Owner) -> PrintJob:
        return PrintJob(
            organization_id=self._server.organization_id,
            server=self._server,
            generation=self._server.generation,
            remote_id=job.id,
            **self._first_columns(job, owner),
        )

    def _first_columns(self, job: Job, owner: Owner) -> dict[str, Any]:
        printer = self._queues.find(job.printer_name)
        return {
            **self._progress(job),
            **_owner_columns(owner),
            "claimed": False,
            "printer_id": printer.pk if printer else None,
            "job_uuid": cut(job.uuid or "", 60),
            "title": cut(job.title or "", LONGEST_TEXT),
            "submitted_at": job.created_at or self._sent_at,
            "seen_at": self._sent_at,
        }

    def _columns(self, row: PrintJob, job: Job, owner: Owner | None, *, told: bool) -> dict[str, Any]:
        """What may have changed of a job; without details (``told``) only where it is, and whose."""
        printer = self._queues.find(job.printer_name)
        columns: dict[str, Any] = {"printer_id": printer.pk if printer else row.printer_id, "gone_at": None}
        if told:
            columns |= self._progress(job)
            if row.finished_at is not None and job.state.is_over:
                columns["finished_at"] = job.completed_at or row.finished_at
            columns["job_uuid"] = row.job_uuid or cut(job.uuid or "", 60)
        if row.anonymised_at is None:
            columns["title"] = row.title or cut(job.title or "", LONGEST_TEXT)
            if owner is not None and row.person_id is None:
                columns |= _owner_columns(owner)
        return columns

    def _progress(self, job: Job) -> dict[str, Any]:
        columns = columns_of(job)
        if job.state.is_over and job.completed_at is None:
            columns["finished_at"] = self._sent_at
        return columns

    def _fill(self, row: PrintJob, columns: dict[str, Any]) -> bool:
        """Set columns; return whether any is another than before."""
        changed = False
        for name, value in columns.items():
            if getattr(row, name) != value:
                setattr(row, name, value)
                changed = True
        if changed:
            row.seen_at = self._sent_at
        return changed

    def _note_lost(self, row: PrintJob, job: Job) -> None:
        """Remember a job that we hold and that would print."""
        if row.held_at is None or row.seen_at > self._sent_at - SETTLED:
            return
        state = JobState(job.state)
        prints_later = state == JobState.HELD and job.hold_until not in (None, INDEFINITE)
        if state == JobState.PENDING or prints_later:
            self.lost.append(row)

    def _write(self, new: list[PrintJob], changed: list[PrintJob], decided: Mapping[int, _Decision]) -> None:
        self.new += len(new)
        self.changed += len(changed)
        if new:
            PrintJob.objects.bulk_create(new, ignore_conflicts=True)
        if changed:
            retry_on_deadlock(partial(self._overwrite, changed, decided))

    @transaction.atomic
    def _overwrite(self, changed: list[PrintJob], decided: Mapping[int, _Decision]) -> None:
        """Write these rows but those that someone has read since: their answer is newer than ours.

        Whose a job is, is left as it is where someone has ``decided`` otherwise since the row was read.
        """
        older = PrintJob.objects.filter(pk__in=[row.pk for row in changed], seen_at__lt=self._sent_at)
        rows = older.order_by("pk").select_for_update(no_key=True).values_list("pk", *_Decision._fields)
        locked = {pk: _Decision(*decision) for pk, *decision in rows}
        for row in changed:
            now = locked.get(row.pk)
            if now is not None and decided.get(row.pk, now) != now:
                row.person_id, row.doubt, row.claimed = now
        # As an upsert: an update of many rows with a value for each takes ten times as long.
        PrintJob.objects.bulk_create(
            [row for row in changed if row.pk in locked],
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=_WRITTEN,
        )


def _decision(row: PrintJob) -> _Decision:
    return _Decision(row.person_id, row.doubt, row.claimed)


def _is_of_probe(job: Job) -> bool:
    """Whether a test made the job; it has no document, else anyone might print unseen under such a name."""
    return job.size_kb == 0 and any(owner.startswith(_PROBE) for owner in job.owners)


def _owner_columns(owner: Owner) -> dict[str, Any]:
    return {
        "owner_text": owner.text,
        "owner_key": owner.key,
        "person_id": owner.person,
        "doubt": OwnerDoubt(owner.doubt),
    }
