"""A step that gave up, tried again: from the beginning, in the direction it was going, once."""

from datetime import timedelta

import pytest
import time_machine
from pytest_django import DjangoCaptureOnCommitCallbacks

from printmgmt.audit.models import AuditEvent
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.models import DeprovisionRun, DeprovisionStep, RunState, StepState
from printmgmt.deprovisioning.performing import Steps
from printmgmt.deprovisioning.retrying import retry_steps
from printmgmt.deprovisioning.steps.base import StepError, Target
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser
from printmgmt.work import nudges
from tests import factories
from tests.due import perform_due
from tests.printmgmt.deprovisioning.held_jobs import HoldJobs

BY = factories.TESTER


@pytest.fixture
def ada(contoso: Organization, hold_jobs: HoldJobs) -> PrintUser:
    """Someone whose jobs wait at two servers."""
    hold_jobs.servers = ("attic", "hall")
    person = factories.person(contoso)
    hold_jobs.queue(person.pk, "letter")
    return person


def forbidden(target: Target) -> None:
    if target.id == "hall":
        raise StepError("forbidden", permanent=True)


def fine(target: Target) -> None:
    """The print server was mended."""


def hall_step(run: DeprovisionRun) -> DeprovisionStep:
    return run.steps.get(name=HoldJobs.name, target_id="hall")


def given_up(person: PrintUser, hold_jobs: HoldJobs) -> DeprovisionRun:
    """The run of a leaving whose step at the hall's server is forbidden."""
    hold_jobs.before = forbidden
    run = leaving.suspend(person, by=BY)
    assert run is not None
    perform_due(run_id=run.pk)
    run.refresh_from_db()
    assert run.state == RunState.ATTENTION
    hold_jobs.before = fine
    return run


def test_what_gave_up_is_done_and_the_rest_is_left_alone(ada: PrintUser, hold_jobs: HoldJobs) -> None:
    run = given_up(ada, hold_jobs)

    assert retry_steps(run, by=BY) == 1

    assert run.state == RunState.WORKING
    step = hall_step(run)
    assert (step.state, step.error, step.ended_at) == (StepState.PENDING, "", None)
    perform_due(run_id=run.pk)
    run.refresh_from_db()
    assert run.state == RunState.SETTLED
    assert hold_jobs.acts.count(f"{ada.pk}@attic") == 1


def test_it_begins_with_no_crash_and_72_new_hours(ada: PrintUser, hold_jobs: HoldJobs) -> None:
    run = given_up(ada, hold_jobs)
    begun = run.cut_at - timedelta(hours=72)
    run.steps.filter(pk=hall_step(run).pk).update(
        crashes=Steps.patience.crashes,
        attempts=9,
        first_tried_at=begun,
        due_at=run.cut_at + timedelta(hours=1),
    )

    retry_steps(run, by=BY)

    step = hall_step(run)
    assert (step.crashes, step.attempts, step.first_tried_at) == (0, 0, None)
    assert perform_due(run_id=run.pk) == 1


def test_an_undo_that_gave_up_is_undone_again(ada: PrintUser, hold_jobs: HoldJobs) -> None:
    run = leaving.suspend(ada, by=BY)
    assert run is not None
    perform_due(run_id=run.pk)
    hold_jobs.before = forbidden
    leaving.reactivate(ada, by=BY)
    perform_due(run_id=run.pk)
    hold_jobs.before = fine
    run.refresh_from_db()
    assert run.state == RunState.ATTENTION

    assert retry_steps(run, by=BY) == 1

    assert (run.state, hall_step(run).state) == (RunState.UNDONE, StepState.UNDOING)
    perform_due(run_id=run.pk)
    assert hall_step(run).state == StepState.UNDONE
    assert hold_jobs.waiting[str(ada.pk)] == {"letter"}


def test_who_leaves_again_after_an_undo_that_gave_up_gets_all_back_in_the_end(
    ada: PrintUser, hold_jobs: HoldJobs
) -> None:
    first = leaving.suspend(ada, by=BY)
    assert first is not None
    perform_due(run_id=first.pk)
    hold_jobs.before = lambda target: forbidden(Target("server", "hall"))
    leaving.reactivate(ada, by=BY)
    perform_due(run_id=first.pk)
    hold_jobs.before = fine
    second = leaving.suspend(ada, by=BY)
    assert second is not None
    perform_due()

    assert second.previous == first
    assert retry_steps(first, by=BY) == 0
    assert hold_jobs.held[str(ada.pk)] == {"letter"}
    leaving.reactivate(ada, by=BY)
    perform_due()
    assert hold_jobs.waiting[str(ada.pk)] == {"letter"}


def test_a_run_that_needs_nobody_is_left_as_it_is(ada: PrintUser) -> None:
    run = leaving.suspend(ada, by=BY)
    assert run is not None
    events = AuditEvent.objects.count()

    assert retry_steps(run, by=BY) == 0

    assert AuditEvent.objects.count() == events
    assert hall_step(run).state == StepState.PENDING


def test_it_stands_in_the_audit_with_the_steps(ada: PrintUser, hold_jobs: HoldJobs) -> None:
    run = given_up(ada, hold_jobs)

    retry_steps(run, by=BY)

    event = AuditEvent.objects.get(verb="run.retried")
    assert (event.object_type, event.object_id) == ("run", str(run.pk))
    assert event.details is not None
    assert event.details["steps"] == [HoldJobs.name]


def test_a_worker_is_asked_once_it_is_committed(
    ada: PrintUser,
    hold_jobs: HoldJobs,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    run = given_up(ada, hold_jobs)
    nudged: list[object] = []
    monkeypatch.setattr(nudges, "nudge", lambda _name, key: nudged.append(key))

    with django_capture_on_commit_callbacks(execute=True):
        retry_steps(run, by=BY)
        assert nudged == []

    assert nudged == [run.pk]


def test_a_dated_step_is_due_at_once(contoso: Organization, hold_jobs: HoldJobs) -> None:
    hold_jobs.servers = ()
    run = factories.leaver(contoso)
    with time_machine.travel(run.cut_at + timedelta(days=4)):
        run.steps.filter(name="notify-administrators").update(
            state=StepState.ATTENTION, due_at=run.cut_at, ended_at=run.cut_at
        )
        retry_steps(run, by=BY)
        assert perform_due(run_id=run.pk) == 1

    assert run.steps.get(name="notify-administrators").state == StepState.DONE
