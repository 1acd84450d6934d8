"""The policy *move* on a real cupsd: held jobs go to a stopped queue, and come back with the person."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from demo.cupsd import STUCK_DEVICE, PrivateCups
from printmgmt.audit.models import AuditEvent
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.models import RunState, StepState, WaitingJobs
from printmgmt.deprovisioning.policy import change_policy
from printmgmt.deprovisioning.steps import step_words
from printmgmt.people.models import PrintUser
from printmgmt.printing.ipp.jobs import JobCalls
from printmgmt.printing.models import PrinterState, PrintJob, PrintServer
from printmgmt.printing.servers.connecting import client_for
from printmgmt.printing.servers.probe.probing import probe_server
from tests import factories
from tests.due import perform_due
from tests.printmgmt.deprovisioning.steps.conftest import ADA, TONIGHT, Killed, audited, shown, step_of
from tests.printmgmt.printing import equipment

BY = factories.TESTER


@pytest.fixture
def aside(cups: PrivateCups, server: PrintServer) -> PrintServer:
    """The server with the stopped queue "leavers", under the policy *move*."""
    cups.add_queue("leavers", stopped=True)
    server.leavers_printer = equipment.printer(server, "leavers", state=PrinterState.STOPPED)
    server.save()
    change_policy(server.organization, {"waiting_jobs": WaitingJobs.MOVE}, by=BY)
    return server


def place(cups: PrivateCups, number: int) -> tuple[str, Any, Any]:
    """Queue, state and job-hold-until of a job."""
    return (str(cups.job(number)["job-printer-uri"]).rpartition("/")[2], *shown(cups, number))


def test_held_and_moved_and_given_back_as_it_was(
    cups: PrivateCups, aside: PrintServer, ada: PrintUser
) -> None:
    pending, tonight = cups.submit("front", ADA), cups.submit("front", ADA, hold=TONIGHT)
    own = cups.submit("front", ADA, hold="indefinite")
    bobs = cups.submit("front", "bob@contoso.example")

    run = factories.leaver(aside.organization, who=ada)
    perform_due(run_id=run.pk)

    assert {place(cups, job) for job in (pending, tonight, own)} == {("leavers", 4, "indefinite")}
    assert place(cups, bobs) == ("front", 3, "no-hold")
    step = step_of(run)
    assert (step.state, step.error) == (StepState.DONE, "")
    rows = PrintJob.objects.filter(server=aside)
    assert {row.printer.name for row in rows if row.printer} == {"leavers"}
    assert AuditEvent.objects.filter(verb="job.moved").count() == 3
    moved = f"job {pending} and {tonight}."
    assert f"Moved to the stopped queue leavers: {moved}" in step_words("hold-jobs", step.evidence)

    leaving.reactivate(ada, by=BY)
    perform_due()

    assert [place(cups, job) for job in (pending, tonight, own)] == [
        ("front", 3, "no-hold"),
        ("front", 4, TONIGHT),
        ("front", 4, "indefinite"),
    ]
    assert step_of(run).state == StepState.UNDONE
    assert not PrintJob.objects.filter(held_at__isnull=False).exists()
    assert f"Moved back to front: {moved}" in step_words("hold-jobs", step_of(run).evidence)


def test_released_by_its_owner_it_still_does_not_print(
    cups: PrivateCups, aside: PrintServer, ada: PrintUser
) -> None:
    """Under the stock policy: the queue is stopped, and the owner cannot resume it."""
    job = cups.submit("front", ADA)
    run = factories.leaver(aside.organization, who=ada)
    perform_due(run_id=run.pk)

    assert cups.ipptool("Release-Job", job=job, user=ADA).is_ok

    assert place(cups, job) == ("leavers", 3, "no-hold")
    assert not cups.ipptool("Resume-Printer", queue="leavers", user=ADA).is_ok
    assert cups.job(job)["job-state"] == 3


def test_where_jobs_can_be_moved_out_the_run_needs_attention(
    cups: PrivateCups, aside: PrintServer, ada: PrintUser
) -> None:
    probe_server(aside, by=BY)
    cups.submit("front", ADA)
    run = factories.leaver(aside.organization, who=ada)

    perform_due(run_id=run.pk)

    run.refresh_from_db()
    assert run.state == RunState.ATTENTION
    assert step_of(run).evidence["holds"] == "open"


@pytest.mark.parametrize("why", ["running", "missing", "none-chosen"])
def test_without_a_stopped_queue_the_jobs_are_held_where_they_are(
    why: str, cups: PrivateCups, aside: PrintServer, ada: PrintUser
) -> None:
    if why == "running":
        with client_for(aside) as client:
            client.resume_queue("leavers")
    elif why == "missing":
        aside.leavers_printer = equipment.printer(aside, "nowhere")
    else:
        aside.leavers_printer = None
    aside.save()
    job = cups.submit("front", ADA)

    run = factories.leaver(aside.organization, who=ada)
    perform_due(run_id=run.pk)

    assert place(cups, job) == ("front", 4, "indefinite")
    step = step_of(run)
    assert step.evidence["not_moved"] == why
    assert step.state == (StepState.DONE if why == "none-chosen" else StepState.ATTENTION)
    assert [words for words in step_words("hold-jobs", step.evidence) if "stayed in their queues" in words]


def test_after_the_restore_period_it_is_purged_from_there(
    cups: PrivateCups, aside: PrintServer, ada: PrintUser
) -> None:
    job = cups.submit("front", ADA)
    run = factories.leaver(aside.organization, who=ada)
    perform_due(run_id=run.pk)

    with time_machine.travel(leaving.grace_until(run) + timedelta(minutes=1)):
        perform_due(run_id=run.pk)

    assert cups.ipptool("Get-Job-Attributes", job=job, user=ADA).status == "client-error-not-found"
    assert step_of(run, "cancel-jobs").state == StepState.DONE


def test_suspended_then_removed_it_comes_back_from_where_the_first_leaving_put_it(
    cups: PrivateCups, aside: PrintServer, ada: PrintUser
) -> None:
    job = cups.submit("front", ADA)
    for trigger in ("suspended", "removed"):
        run = factories.leaver(aside.organization, trigger, who=ada)
        perform_due(run_id=run.pk)

    leaving.restore(ada, by=BY)
    perform_due()

    assert place(cups, job) == ("front", 3, "no-hold")


@pytest.mark.parametrize("dies", ["before", "after"])
@pytest.mark.parametrize("way", ["aside", "back"])
def test_a_worker_that_dies_while_moving_loses_nothing(
    way: str,
    dies: str,
    cups: PrivateCups,
    aside: PrintServer,
    ada: PrintUser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    job = cups.submit("front", ADA)
    run = factories.leaver(aside.organization, who=ada)
    if way == "back":
        perform_due(run_id=run.pk)
        leaving.reactivate(ada, by=BY)
    move = JobCalls.move

    def die(self: Any, *args: Any) -> None:
        if dies == "after":
            move(self, *args)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(JobCalls, "move", die)
        with pytest.raises(Killed):
            perform_due(run_id=run.pk)
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        perform_due()

    (entry,) = step_of(run).evidence["held"]
    row = PrintJob.objects.get(remote_id=job)
    if way == "aside":
        assert place(cups, job) == ("leavers", 4, "indefinite")
        assert entry.keys() & {"moved", "back"} == {"moved"}
        assert (row.printer and row.printer.name, audited("job.moved")) == ("leavers", [job])
    else:
        assert place(cups, job) == ("front", 3, "no-hold")
        assert entry.keys() & {"moved", "back"} == {"moved", "back"}
        assert (row.printer and row.printer.name, audited("job.moved")) == ("front", [job, job])


def test_the_own_queue_is_gone_when_the_person_is_back(
    cups: PrivateCups, aside: PrintServer, ada: PrintUser
) -> None:
    cups.add_queue("old", device=STUCK_DEVICE, stopped=True)
    job = cups.submit("old", ADA)
    run = factories.leaver(aside.organization, who=ada)
    perform_due(run_id=run.pk)
    cups.operate("CUPS-Delete-Printer", queue="old")

    leaving.reactivate(ada, by=BY)
    perform_due()

    step = step_of(run)
    assert step.state == StepState.ATTENTION
    assert "the queue old is gone" in step.error
    assert place(cups, job) == ("leavers", 4, "indefinite")
