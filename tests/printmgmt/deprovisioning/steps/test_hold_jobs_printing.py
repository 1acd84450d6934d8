"""A job that begins to print while its owner's jobs are being held: let go or stopped, and recorded."""

from typing import Any

import pytest

from demo.cups_server import NULL_DEVICE
from demo.cupsd import STUCK_DEVICE, PrivateCups
from printmgmt.deprovisioning.models import RunState, StepState
from printmgmt.deprovisioning.steps import hold_jobs, step_words
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser
from printmgmt.printing.ipp.jobs import JobCalls
from printmgmt.printing.models import PrintJob
from tests import factories
from tests.due import perform_due
from tests.printmgmt.deprovisioning.steps.conftest import ADA, shown, step_of
from tests.printmgmt.printing import equipment


def begin(cups: PrivateCups, job: int, *, state: int) -> None:
    """Let the queue print, and wait until the job has this state."""
    cups.operate("Resume-Printer", queue="front")
    while shown(cups, job)[0] != state:
        pass


@pytest.fixture
def waiting(own_cups: PrivateCups, contoso: Organization, ada: PrintUser) -> int:
    """A job of Ada's that waits, on a queue whose device never finishes one."""
    own_cups.add_queue("front", device=STUCK_DEVICE, stopped=True)
    equipment.printer(equipment.operated(contoso, own_cups), "front")
    return own_cups.submit("front", ADA)


def test_what_began_to_print_after_the_jobs_were_read_is_let_go(
    own_cups: PrivateCups,
    contoso: Organization,
    ada: PrintUser,
    waiting: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read = hold_jobs.open_jobs

    def read_and_begin(*args: Any, **options: Any) -> Any:
        there = read(*args, **options)
        assert [job.id for job in there.named([ADA])] == [waiting]
        begin(own_cups, waiting, state=5)
        return there

    monkeypatch.setattr(hold_jobs, "open_jobs", read_and_begin)
    run = factories.leaver(contoso, who=ada)
    perform_due(run_id=run.pk)

    assert shown(own_cups, waiting)[0] == 5
    step = step_of(run)
    assert (step.state, "held" in step.evidence) == (StepState.DONE, False)
    assert [entry["job"] for entry in step.evidence["printing"]] == [waiting]
    assert f"Was already printing at front, and may finish: job {waiting}." in step_words(
        "hold-jobs", step.evidence
    )
    assert PrintJob.objects.get(remote_id=waiting).held_at is None


def test_what_began_to_print_in_the_last_moment_is_stopped_and_said(
    own_cups: PrivateCups,
    contoso: Organization,
    ada: PrintUser,
    waiting: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """CUPS stops a job that prints when it is held; released, it would print from its first page."""
    hold = JobCalls.hold

    def begin_and_hold(self: JobCalls, number: int, *args: Any) -> None:
        begin(own_cups, number, state=5)
        hold(self, number, *args)

    monkeypatch.setattr(JobCalls, "hold", begin_and_hold)
    run = factories.leaver(contoso, who=ada)
    perform_due(run_id=run.pk)

    assert shown(own_cups, waiting) == (4, "indefinite")
    step = step_of(run)
    assert step.state == StepState.DONE
    assert [entry["job"] for entry in step.evidence["held"]] == [waiting]
    assert [entry["job"] for entry in step.evidence["stopped"]] == [waiting]
    assert f"Had just started to print at front, and was stopped: job {waiting}." in step_words(
        "hold-jobs", step.evidence
    )


def test_what_was_printed_before_the_hold_came_is_neither_held_nor_said_to_be(
    own_cups: PrivateCups,
    contoso: Organization,
    ada: PrintUser,
    waiting: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hold = JobCalls.hold

    def print_and_hold(self: JobCalls, number: int, *args: Any) -> None:
        own_cups.add_queue("front", device=NULL_DEVICE)
        begin(own_cups, number, state=9)
        hold(self, number, *args)

    monkeypatch.setattr(JobCalls, "hold", print_and_hold)
    run = factories.leaver(contoso, who=ada)
    perform_due(run_id=run.pk)

    run.refresh_from_db()
    assert (run.state, shown(own_cups, waiting)[0]) == (RunState.SETTLED, 9)
    step = step_of(run)
    assert [entry.get("ended") for entry in step.evidence["held"]] == [True]
    assert not any(f"job {waiting}." in words for words in step_words("hold-jobs", step.evidence))
    assert PrintJob.objects.get(remote_id=waiting).held_at is None
