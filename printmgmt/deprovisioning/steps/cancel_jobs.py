"""Cancel the jobs that a leaver still has waiting once the restore period is over."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from printmgmt.audit.actors import Actor, system
from printmgmt.deprovisioning.foreseen import Effect, Foreseen, Plan
from printmgmt.deprovisioning.models import DeprovisionRun, LeavingPolicy, Trigger, WaitingJobs
from printmgmt.deprovisioning.steps.base import Evidence, Step, Target
from printmgmt.deprovisioning.steps.hold_jobs import HoldJobs
from printmgmt.deprovisioning.steps.on_print_servers import words
from printmgmt.deprovisioning.steps.on_print_servers.acting import (
    asking,
    in_time,
    last_known,
    note_job,
    note_read,
    server_of,
    server_targets,
    skips,
    stop_if_hidden,
    stop_if_over,
)
from printmgmt.deprovisioning.steps.on_print_servers.foreseen import waiting_jobs
from printmgmt.deprovisioning.superseded import chain_ids
from printmgmt.printing.ipp.attributes import JobState
from printmgmt.printing.ipp.client import Client
from printmgmt.printing.leavers.canceling import cancel, held_by, is_purged, note_canceled
from printmgmt.printing.leavers.holding import row_numbered
from printmgmt.printing.leavers.looking import Seen, look, look_again
from printmgmt.printing.leavers.of_person import jobs_of
from printmgmt.printing.leavers.open_jobs import newer_jobs, open_jobs
from printmgmt.printing.models import PrintJob, PrintServer
from printmgmt.printing.servers.connecting import client_for


class CancelJobs(Step):
    """One target a print server: jobs that the leaving held, and any other that waits. None that prints."""

    name = "cancel-jobs"
    label = _("Cancel waiting print jobs")
    triggers = frozenset({Trigger.SUSPENDED, Trigger.REMOVED})
    evidence_words = {
        "read": words.read_words,
        "canceled": words.canceled_words,
        "printing": words.printing_words,
        "doubts": words.doubt_words,
        "hidden": words.hidden_words,
        "skipped": words.skipped_words,
    }
    immediate = False
    irreversible = True
    settles = HoldJobs.name

    def due(self, run: DeprovisionRun) -> datetime:
        return run.cut_at + timedelta(days=_days(run.policy, run.trigger))

    def preview(self, plan: Plan) -> Iterable[Foreseen]:
        days = _days(plan.policy, plan.trigger)
        yield Foreseen(Effect.CANCELED, waiting_jobs(plan.organization), days=days)

    def targets(self, run: DeprovisionRun) -> Iterable[Target]:
        return server_targets(run)

    def act(self, run: DeprovisionRun, target: Target, evidence: Evidence) -> None:
        server = server_of(target)
        if skips(server, evidence):
            return
        by = system(self.name, request_id=run.request_id)
        with asking(server):
            _note_begun(server, evidence, by)
            there = open_jobs(server, after=last_known(run, server, evidence, self.due(run)))
            # Whose they are was certain when they were held; by now someone else may have the name.
            held = held_by(chain_ids(run), server)
            known = {row.remote_id for row in held}
            theirs = jobs_of(run.person, server.organization, there, without=known)
            note_read(evidence, there, theirs)
            if held or theirs.jobs:
                with client_for(server) as client:
                    for row in in_time(held):
                        _cancel(client, run, look_again(client, row), evidence, by)
                    for job in in_time(theirs.jobs):
                        _cancel(client, run, look(client, server, job.id, run.person), evidence, by)
        stop_if_hidden(there)

    def verify(self, run: DeprovisionRun, target: Target, evidence: Evidence) -> bool:
        """Read what waits again, if anything was canceled: nothing of theirs, and nothing to be restarted."""
        if "skipped" in evidence or not evidence.get("canceled"):
            return True
        server = server_of(target)
        with asking(server), client_for(server) as client:
            if not all(is_purged(client, entry["job"]) for entry in in_time(evidence["canceled"])):
                return False
            for job in in_time(jobs_of(run.person, server.organization, newer_jobs(server)).jobs):
                seen = look(client, server, job.id, run.person)
                if seen is not None and not seen.is_over and not seen.prints:
                    return False
        return True


def _days(policy: LeavingPolicy, trigger: str) -> int:
    return 0 if policy.waiting_jobs == WaitingJobs.PURGE else policy.grace_days(trigger)


def _cancel(client: Client, run: DeprovisionRun, seen: Seen | None, evidence: Evidence, by: Actor) -> None:
    """Cancel a job that waits; purge one that we held and someone else canceled; note it."""
    if seen is None or seen.job.state == JobState.COMPLETED:
        return
    if seen.prints:
        note_job(evidence, "printing", seen)
        return
    entry = note_job(evidence, "canceled", seen)
    evidence.keep()
    stop_if_over(run)
    if cancel(client, seen.row):
        _note_canceled(seen.row, entry, evidence, by)


def _note_begun(server: PrintServer, evidence: Evidence, by: Actor) -> None:
    """Note what an attempt canceled that did not live to note it: no reading of the server shows it."""
    begun = [entry for entry in evidence.get("canceled", ()) if "at" not in entry]
    if begun:
        with client_for(server) as client:
            for entry in in_time(begun):
                row = row_numbered(server, entry["job"])
                if row is not None and is_purged(client, row.remote_id):
                    _note_canceled(row, entry, evidence, by)


def _note_canceled(row: PrintJob, entry: dict[str, Any], evidence: Evidence, by: Actor) -> None:
    with transaction.atomic():
        note_canceled(row, by=by)
        entry["at"] = timezone.now().isoformat()
        evidence.keep()
