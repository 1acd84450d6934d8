"""Single steps that are skipped or approved: who, why, and what follows for the run."""

from datetime import timedelta

import pytest
from django.utils import timezone

from printmgmt.audit.models import AuditEvent
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.deciding import approve_run, skip_steps
from printmgmt.deprovisioning.exceptions import StepRefused
from printmgmt.deprovisioning.models import DeprovisionRun, DeprovisionStep, RunState, StepState
from printmgmt.deprovisioning.retrying import retry_steps
from printmgmt.deprovisioning.steps.base import StepError, Target
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser
from tests import factories
from tests.due import perform_due
from tests.factories import TESTER
from tests.printmgmt.deprovisioning.held_jobs import HoldJobs

pytestmark = pytest.mark.both_databases


def forbidden(target: Target) -> None:
    raise StepError("forbidden", permanent=True)


def fine(target: Target) -> None:
    """The print server was mended."""


@pytest.fixture
def ada(contoso: Organization, hold_jobs: HoldJobs) -> PrintUser:
    person = factories.person(contoso)
    hold_jobs.queue(person.pk, "letter")
    return person


@pytest.fixture
def run(ada: PrintUser, hold_jobs: HoldJobs) -> DeprovisionRun:
    """A removal whose step on the print server is forbidden."""
    hold_jobs.before = forbidden
    run = leaving.remove(ada, by=TESTER)
    perform_due(run_id=run.pk)
    run.refresh_from_db()
    hold_jobs.before = fine
    return run


def hold(run: DeprovisionRun) -> DeprovisionStep:
    return run.steps.get(name=HoldJobs.name)


def test_a_skipped_step_says_who_and_why_and_the_run_goes_on_without_it(run: DeprovisionRun) -> None:
    assert run.state == RunState.ATTENTION

    assert skip_steps(run, by=TESTER, reason="Server scrapped") == 1

    step = hold(run)
    assert (step.state, step.decided_by, step.decision_reason) == (
        StepState.SKIPPED,
        TESTER.label,
        "Server scrapped",
    )
    assert run.state == RunState.SETTLED
    assert perform_due(run_id=run.pk) == 0
    event = AuditEvent.objects.get(verb="run.skipped")
    assert event.reason == "Server scrapped"
    assert event.details is not None
    assert event.details["steps"] == [HoldJobs.name]


def test_a_skip_is_taken_back_by_a_retry_while_the_run_is_open(
    run: DeprovisionRun, hold_jobs: HoldJobs
) -> None:
    skip_steps(run, by=TESTER, reason="", only=[hold(run)])
    assert retry_steps(run, by=TESTER) == 0

    assert retry_steps(run, by=TESTER, only=[hold(run)]) == 1
    perform_due(run_id=run.pk)

    step = hold(run)
    assert (step.state, step.decided_by) == (StepState.DONE, "")


def test_a_run_with_nothing_left_is_finished_and_its_skips_stay(run: DeprovisionRun) -> None:
    skip_steps(run, by=TESTER, reason="", only=run.steps.exclude(state=StepState.DONE))

    assert run.state == RunState.FINISHED
    assert retry_steps(run, by=TESTER, only=list(run.steps.all())) == 0


def test_a_step_at_work_and_one_that_is_over_cannot_be_skipped(run: DeprovisionRun) -> None:
    done = run.steps.filter(state=StepState.DONE).first()
    assert done is not None
    run.steps.filter(name=HoldJobs.name).update(lease_until=timezone.now() + timedelta(minutes=1))

    for step in (done, hold(run)):
        with pytest.raises(StepRefused):
            skip_steps(run, by=TESTER, reason="", only=[step])

    assert hold(run).state == StepState.ATTENTION
    assert not AuditEvent.objects.filter(verb="run.skipped").exists()


def test_approved_steps_are_done_now_and_say_who_approved(run: DeprovisionRun) -> None:
    assert approve_run(run, by=TESTER, reason="Court order") == 1
    assert approve_run(run, by=TESTER, reason="again") == 0
    perform_due(run_id=run.pk)

    step = run.steps.get(name="wipe-credentials")
    assert (step.state, step.decided_by, step.decision_reason) == (
        StepState.DONE,
        TESTER.label,
        "Court order",
    )
    assert AuditEvent.objects.filter(verb="run.approved").count() == 1


def test_nothing_is_approved_for_someone_who_is_back(run: DeprovisionRun) -> None:
    leaving.restore(run.person, by=TESTER)

    with pytest.raises(StepRefused):
        approve_run(DeprovisionRun.objects.get(pk=run.pk), by=TESTER, reason="")


def test_what_was_skipped_is_not_undone_unless_it_had_begun(run: DeprovisionRun) -> None:
    wipe = run.steps.get(name="wipe-credentials")
    skip_steps(run, by=TESTER, reason="", only=[hold(run), wipe])

    leaving.restore(run.person, by=TESTER)
    perform_due()

    run.refresh_from_db()
    wipe.refresh_from_db()
    assert (hold(run).state, wipe.state) == (StepState.UNDONE, StepState.SKIPPED)
    assert run.state == RunState.UNDONE
