"""Hold the jobs that a leaver has waiting on print servers, and release them if the person comes back."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from printmgmt.audit.actors import system
from printmgmt.deprovisioning.foreseen import Effect, Foreseen, Plan
from printmgmt.deprovisioning.models import DeprovisionRun, Trigger, WaitingJobs
from printmgmt.deprovisioning.steps.base import Evidence, Step, StepError, Target
from printmgmt.deprovisioning.steps.on_print_servers import words
from printmgmt.deprovisioning.steps.on_print_servers.acting import (
    asking,
    in_time,
    is_away,
    last_known,
    late_mark,
    note_job,
    note_read,
    server_of,
    server_targets,
    skips,
    stop_if_hidden,
    stop_if_over,
)
from printmgmt.deprovisioning.steps.on_print_servers.foreseen import STAYS_HELD, waiting_jobs
from printmgmt.deprovisioning.steps.on_print_servers.moving import (
    check_moved,
    move_aside,
    move_back,
    moved_aside,
    places_of,
)
from printmgmt.deprovisioning.superseded import chain_ids
from printmgmt.printing.ipp.client import Client
from printmgmt.printing.jobs.audit import record_job
from printmgmt.printing.leavers.holding import hold, is_ours, let_go, mark_held, row_numbered
from printmgmt.printing.leavers.looking import Seen, look
from printmgmt.printing.leavers.of_person import jobs_of
from printmgmt.printing.leavers.open_holds import Holds, open_rights, worth_of_holds, worth_of_names
from printmgmt.printing.leavers.open_jobs import newer_jobs, open_jobs
from printmgmt.printing.models import PrintJob
from printmgmt.printing.servers.connecting import client_for

_ENDED = ("ended", "released", "not_released")


class HoldJobs(Step):
    """One target a print server. A job that has begun to print is let go.

    Where the policy says so, what is held is moved to a stopped queue of the server as well.
    """

    name = "hold-jobs"
    label = _("Hold waiting print jobs")
    triggers = frozenset({Trigger.SUSPENDED, Trigger.REMOVED})
    evidence_words = {
        "read": words.read_words,
        "held": words.held_words,
        "already_held": words.already_held_words,
        "printing": words.printing_words,
        "stopped": words.stopped_words,
        "doubts": words.doubt_words,
        "hidden": words.hidden_words,
        "not_moved": words.not_moved_words,
        "holds": words.holds_words,
        "open_rights": words.open_rights_words,
        "names": words.names_words,
        "skipped": words.skipped_words,
    }

    def preview(self, plan: Plan) -> Iterable[Foreseen]:
        if plan.policy.waiting_jobs != WaitingJobs.PURGE:  # else they are canceled in the same moment
            yield Foreseen(Effect.HELD, waiting_jobs(plan.organization).exclude(STAYS_HELD))

    def targets(self, run: DeprovisionRun) -> Iterable[Target]:
        return server_targets(run)

    def act(self, run: DeprovisionRun, target: Target, evidence: Evidence) -> None:
        server = server_of(target)
        if skips(server, evidence):
            return
        with asking(server):
            there = open_jobs(server, after=last_known(run, server, evidence, run.cut_at))
            theirs = jobs_of(run.person, server.organization, there)
            note_read(evidence, there, theirs)
            evidence["names"] = worth_of_names(server)
            if theirs.jobs:
                chain = chain_ids(run)
                with client_for(server) as client:
                    for job in in_time(theirs.jobs):
                        seen = look(client, server, job.id, run.person)
                        if seen is not None and not seen.is_over:
                            _take(client, run, chain, seen, evidence)
                    if run.policy.waiting_jobs == WaitingJobs.MOVE:
                        by = system(self.name, request_id=run.request_id)
                        move_aside(client, run, server, evidence, by=by)
        stop_if_hidden(there)

    def verify(self, run: DeprovisionRun, target: Target, evidence: Evidence) -> bool:
        """Read what waits again, if anything was held. Otherwise what was read since the cut is the proof."""
        held = [entry for entry in evidence.get("held", ()) if "ended" not in entry]
        if not held or "skipped" in evidence:
            return True
        server = server_of(target)
        with asking(server), client_for(server) as client:
            for job in in_time(jobs_of(run.person, server.organization, newer_jobs(server)).jobs):
                seen = look(client, server, job.id, run.person)
                if seen is not None and seen.prints:
                    note_job(evidence, "printing", seen)
                if seen is not None and not (seen.is_over or seen.prints or seen.stays):
                    return False
                evidence.keep()
        check_moved(evidence)
        evidence["holds"] = worth_of_holds(server, *places_of(held))
        evidence.pop("open_rights", None)
        # Jobs that are purged next need no lasting hold.
        if evidence["holds"] == Holds.OPEN and run.policy.waiting_jobs != WaitingJobs.PURGE:
            evidence["open_rights"] = open_rights(server, *places_of(held))
            raise StepError(
                gettext(
                    "The jobs are held, but others can release them on this print server. Its page shows the "
                    "lines that end this. Add them there, then test the server again."
                ),
                permanent=True,
            )
        return True

    def undo(self, run: DeprovisionRun, target: Target, evidence: Evidence) -> None:
        entries = [entry for entry in evidence.get("held", ()) if not entry.keys() & set(_ENDED)]
        aside = list(moved_aside(evidence))
        if not entries and not aside:
            return
        server = server_of(target)
        if server.removed_at is not None:
            evidence["skipped"] = "removed"
            return
        if server.paused_at is not None:
            raise StepError(
                gettext("The print server is paused, and jobs are still held there. Resume it, then retry."),
                permanent=True,
            )
        by = system(self.name, request_id=run.request_id)
        with asking(server), client_for(server) as client:
            for entry in in_time(() if is_away(run) else aside):
                move_back(client, server, entry, evidence, by=by)
            for entry in in_time(entries):
                begun, entry["releasing"] = "releasing" in entry, True
                evidence.keep()
                row = None if is_away(run) else row_numbered(server, entry["job"])
                if row is not None and is_ours(row, run=run.pk, begun=begun):
                    move_back(client, server, entry, evidence, by=by)
                released = row is not None and let_go(
                    client, row, run=run.pk, begun=begun, until=entry["until"]
                )
                with transaction.atomic():
                    if row is not None and released:
                        record_job(row, "job.released", by=by)
                    entry["released" if released else "not_released"] = timezone.now().isoformat()
                    evidence.keep()


def _take(client: Client, run: DeprovisionRun, chain: list[UUID], seen: Seen, evidence: Evidence) -> None:
    """Do with a job of the person what its state asks for, and note it."""
    row = seen.row
    entry = next((entry for entry in evidence.get("held", ()) if entry["job"] == row.remote_id), None)
    if seen.prints:
        note_job(evidence, "printing", seen)
    elif not seen.stays:
        _hold(client, run, chain, seen, evidence, entry)
    elif entry is not None:
        if row.held_by_run is None:
            mark_held(row, run=run.pk, step=HoldJobs.name, until=entry["until"])
        if "at" not in entry:  # held by an attempt that did not live to note it
            _note_held(run, row, entry, evidence)
    elif row.held_by_run is not None and row.held_by_run not in chain:
        # Of a person who was merged with this one: the undo of that leaving must not release it now.
        until = row.hold_until_before
        mark_held(row, run=run.pk, step=HoldJobs.name, until=until)
        note_job(evidence, "held", seen, until=until, at=timezone.now().isoformat())
    else:
        note_job(evidence, "already_held", seen)


def _hold(
    client: Client,
    run: DeprovisionRun,
    chain: list[UUID],
    seen: Seen,
    evidence: Evidence,
    entry: dict[str, Any] | None,
) -> None:
    row = seen.row
    ours_before = row.held_by_run is not None and row.held_by_run in chain
    until = row.hold_until_before if ours_before else seen.job.hold_until or ""
    if entry is None:
        entry = note_job(evidence, "held", seen, until=until, **late_mark(run, seen))
    entry.pop("ended", None)
    evidence.keep()
    stop_if_over(run)
    after = hold(client, seen, run=run.pk, step=HoldJobs.name, until=entry["until"])
    if after is None or after.is_over:
        entry["ended"] = True
    elif after.stays:
        _note_held(run, row, entry, evidence)
        if after.job.processing_at is not None and seen.job.processing_at is None:
            note_job(evidence, "stopped", after)
    evidence.keep()


def _note_held(run: DeprovisionRun, row: PrintJob, entry: dict[str, Any], evidence: Evidence) -> None:
    """Note a hold in evidence and audit, both or neither: a worker may die at any moment."""
    with transaction.atomic():
        record_job(row, "job.held", by=system(HoldJobs.name, request_id=run.request_id))
        entry["at"] = timezone.now().isoformat()
        evidence.keep()
