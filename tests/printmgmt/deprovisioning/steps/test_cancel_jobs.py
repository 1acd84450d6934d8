"""After the restore period the jobs of a leaver are gone from a real cupsd, and nobody can restart them."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from demo.cupsd import STUCK_DEVICE, PrivateCups
from printmgmt.audit.models import AuditEvent
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.models import (
    DeprovisionRun,
    DeprovisionStep,
    RunState,
    StepState,
    Trigger,
    WaitingJobs,
)
from printmgmt.deprovisioning.policy import change_policy
from printmgmt.deprovisioning.steps import step_words
from printmgmt.people.models import PrintUser
from printmgmt.printing.ipp.jobs import JobCalls
from printmgmt.printing.models import JobState, PrintJob, PrintServer
from printmgmt.printing.servers.probe.probing import probe_server
from tests import factories
from tests.due import perform_due
from tests.printmgmt.deprovisioning.steps.conftest import ADA, Killed, audited

BY = factories.TESTER


def step_of(run: DeprovisionRun) -> DeprovisionStep:
    return run.steps.get(name="cancel-jobs")


def after_grace(run: DeprovisionRun) -> Any:
    return time_machine.travel(leaving.grace_until(run) + timedelta(minutes=1))


@pytest.mark.parametrize("trigger", list(Trigger))
@pytest.mark.usefixtures("open_queues")
def test_what_was_held_and_what_else_waits_is_purged(
    trigger: Trigger, cups: PrivateCups, server: PrintServer, ada: PrintUser
) -> None:
    held = cups.submit("front", ADA)
    own = cups.submit("front", ADA, hold="indefinite")
    run = factories.leaver(server.organization, trigger, who=ada)
    perform_due(run_id=run.pk)
    assert step_of(run).state == StepState.PENDING
    late = cups.submit("front", ADA)
    bobs = cups.submit("front", "bob@contoso.example")

    with after_grace(run):
        perform_due(run_id=run.pk)

    for job in (held, own, late):
        assert cups.ipptool("Get-Job-Attributes", job=job, user=ADA).status == "client-error-not-found"
        assert cups.ipptool("Restart-Job", job=job, user=ADA).status == "client-error-not-found"
    assert cups.job(bobs)["job-state"] == 3
    step = step_of(run)
    assert (step.state, step.error) == (StepState.DONE, "")
    assert [entry["job"] for entry in step.evidence["canceled"]] == [held, own, late]
    rows = PrintJob.objects.filter(server=server)
    assert {(row.state, row.held_at) for row in rows} == {(JobState.CANCELED, None)}
    assert AuditEvent.objects.filter(verb="job.canceled").count() == 3
    assert step_words("cancel-jobs", step.evidence)
    run.refresh_from_db()
    assert run.state == RunState.FINISHED


def test_a_hold_that_others_could_undo_needs_no_attention_once_all_is_canceled(
    cups: PrivateCups, server: PrintServer, ada: PrintUser
) -> None:
    probe_server(server, by=BY)
    cups.submit("front", ADA)
    run = factories.leaver(server.organization, who=ada)
    perform_due(run_id=run.pk)
    run.refresh_from_db()
    assert run.state == RunState.ATTENTION

    with after_grace(run):
        perform_due(run_id=run.pk)

    run.refresh_from_db()
    assert run.state == RunState.FINISHED


def test_what_prints_by_then_may_finish(cups: PrivateCups, server: PrintServer, ada: PrintUser) -> None:
    run = factories.leaver(server.organization, who=ada)
    perform_due(run_id=run.pk)
    cups.add_queue("busy", device=STUCK_DEVICE)
    job = cups.submit("busy", ADA)
    while cups.job(job)["job-state"] != 5:
        pass

    with after_grace(run):
        perform_due(run_id=run.pk)

    assert cups.job(job)["job-state"] == 5
    assert [entry["job"] for entry in step_of(run).evidence["printing"]] == [job]


@pytest.mark.usefixtures("open_queues")
def test_what_was_held_is_canceled_though_somebody_else_has_the_name_by_now(
    cups: PrivateCups, server: PrintServer, ada: PrintUser
) -> None:
    held = cups.submit("front", ADA)
    run = factories.leaver(server.organization, Trigger.REMOVED, who=ada)
    perform_due(run_id=run.pk)
    factories.person(server.organization, ADA)
    theirs = cups.submit("front", ADA)

    with after_grace(run):
        perform_due(run_id=run.pk)

    assert not cups.ipptool("Get-Job-Attributes", job=held, user=ADA).is_ok
    assert cups.job(theirs)["job-state"] == 3
    assert [entry["job"] for entry in step_of(run).evidence["canceled"]] == [held]


def test_canceled_by_its_owner_it_cannot_be_restarted_either(
    cups: PrivateCups, server: PrintServer, ada: PrintUser
) -> None:
    job = cups.submit("front", ADA)
    run = factories.leaver(server.organization, who=ada)
    perform_due(run_id=run.pk)
    assert cups.ipptool("Cancel-Job", job=job, user=ADA).is_ok

    with after_grace(run):
        perform_due(run_id=run.pk)

    assert cups.ipptool("Restart-Job", job=job, user=ADA).status == "client-error-not-found"


def test_whoever_comes_back_meanwhile_keeps_what_is_left(
    cups: PrivateCups, server: PrintServer, ada: PrintUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The epoch is looked at before each job: it is over from the moment of the return."""
    first, second = cups.submit("front", ADA), cups.submit("front", ADA)
    run = factories.leaver(server.organization, who=ada)
    perform_due(run_id=run.pk)
    cancel, canceled = JobCalls.cancel, []

    def come_back(self: Any, number: int, **options: Any) -> None:
        cancel(self, number, **options)
        canceled.append(number)
        leaving.reactivate(ada, by=BY)

    monkeypatch.setattr(JobCalls, "cancel", come_back)
    with after_grace(run):
        perform_due(run_id=run.pk)

    assert canceled == [first]
    assert cups.job(second)["job-state"] == 4
    assert step_of(run).state == StepState.SUPERSEDED


def test_back_within_the_restore_period_nothing_is_canceled(
    cups: PrivateCups, server: PrintServer, ada: PrintUser
) -> None:
    job = cups.submit("front", ADA)
    run = factories.leaver(server.organization, Trigger.REMOVED, who=ada)
    perform_due(run_id=run.pk)
    leaving.restore(ada, by=BY)
    perform_due()

    with time_machine.travel(timezone.now() + timedelta(days=99)):
        perform_due()

    assert cups.job(job)["job-state"] == 3
    assert step_of(run).state == StepState.SUPERSEDED


@pytest.mark.parametrize("dies", ["before Cancel-Job", "after Cancel-Job"])
def test_a_worker_that_dies_in_the_middle_loses_nothing(
    dies: str, cups: PrivateCups, server: PrintServer, ada: PrintUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = cups.submit("front", ADA)
    run = factories.leaver(server.organization, who=ada)
    perform_due(run_id=run.pk)
    cancel = JobCalls.cancel

    def die(self: Any, number: int, **options: Any) -> None:
        if dies == "after Cancel-Job":
            cancel(self, number, **options)
        raise Killed

    with after_grace(run), monkeypatch.context() as patch:
        patch.setattr(JobCalls, "cancel", die)
        with pytest.raises(Killed):
            perform_due(run_id=run.pk)
    assert [entry["job"] for entry in step_of(run).evidence["canceled"]] == [job]
    with time_machine.travel(leaving.grace_until(run) + timedelta(minutes=3)):
        perform_due(run_id=run.pk)

    step = step_of(run)
    assert (step.state, step.error) == (StepState.DONE, "")
    (entry,) = step.evidence["canceled"]
    assert (entry["job"], entry.keys() >= {"at"}) == (job, True)
    assert not cups.ipptool("Get-Job-Attributes", job=job, user=ADA).is_ok
    assert audited("job.canceled") == [job]
    row = PrintJob.objects.get(remote_id=job)
    assert (row.state, row.held_at) == (JobState.CANCELED, None)


def test_under_a_policy_that_purges_nothing_is_left_at_once(
    cups: PrivateCups, server: PrintServer, ada: PrintUser
) -> None:
    """Also where others could undo a hold: nothing is held for long enough to need attention."""
    probe_server(server, by=BY)
    change_policy(server.organization, {"waiting_jobs": WaitingJobs.PURGE}, by=BY)
    pending, own = cups.submit("front", ADA), cups.submit("front", ADA, hold="indefinite")
    bobs = cups.submit("front", "bob@contoso.example")

    run = factories.leaver(server.organization, who=ada)
    perform_due(run_id=run.pk)

    for job in (pending, own):
        assert cups.ipptool("Restart-Job", job=job, user=ADA).status == "client-error-not-found"
    assert cups.job(bobs)["job-state"] == 3
    step = step_of(run)
    assert (step.state, step.due_at) == (StepState.DONE, run.cut_at)
    assert [entry["job"] for entry in step.evidence["canceled"]] == [pending, own]
    run.refresh_from_db()
    assert run.state == RunState.SETTLED  # the administrators are told in a digest


def test_a_later_policy_changes_nothing_for_who_has_left(
    cups: PrivateCups, server: PrintServer, ada: PrintUser
) -> None:
    job = cups.submit("front", ADA)
    run = factories.leaver(server.organization, who=ada)
    change_policy(server.organization, {"waiting_jobs": WaitingJobs.PURGE}, by=BY)

    perform_due(run_id=run.pk)

    assert cups.job(job)["job-state"] == 4
