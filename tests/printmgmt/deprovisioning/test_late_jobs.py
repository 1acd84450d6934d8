"""Jobs under the names of leavers that come after access ended: held and recorded, on a real cupsd."""

from datetime import timedelta

import pytest
import time_machine
from django.db.models import F
from django.utils import timezone

from demo.cupsd import STUCK_DEVICE, PrivateCups
from printmgmt.audit.models import AuditEvent
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.late_jobs import note_late_jobs
from printmgmt.deprovisioning.models import (
    DeprovisionRun,
    Receipt,
    RunState,
    StepState,
    Trigger,
    WaitingJobs,
)
from printmgmt.deprovisioning.policy import change_policy
from printmgmt.deprovisioning.receipts.files import text_of
from printmgmt.deprovisioning.receipts.making import make_due_receipts, make_receipt
from printmgmt.deprovisioning.receipts.verifying import verify_text
from printmgmt.deprovisioning.retention.anonymising import anonymise
from printmgmt.deprovisioning.steps import step_words
from printmgmt.deprovisioning.steps.notify_administrators import NotifyAdministrators
from printmgmt.deprovisioning.still_holding.finding import holdings_of
from printmgmt.deprovisioning.still_holding.reasons import Why
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser
from printmgmt.printing.models import PrintJob, PrintServer
from printmgmt.printing.rounds.kind import Rounds
from printmgmt.printing.servers.adding import order_round
from printmgmt.printing.servers.pausing import pause_server
from printmgmt.work.runner import perform_due as perform
from tests import factories
from tests.due import perform_due
from tests.printmgmt.deprovisioning.steps.conftest import ADA, TONIGHT, shown, step_of
from tests.printmgmt.printing import equipment

pytestmark = pytest.mark.django_db

BY = factories.TESTER


@pytest.fixture
def contoso() -> Organization:
    """Its queues stay open to leavers: else no job would come."""
    organization = factories.organization("Contoso")
    change_policy(organization, {"close_queues": False}, by=BY)
    return organization


@pytest.fixture
def server(contoso: Organization, cups: PrivateCups) -> PrintServer:
    """Read once; jobs wait there since the queue is stopped."""
    cups.add_queue("front", device=STUCK_DEVICE, stopped=True)
    server = equipment.operated(contoso, cups)
    read(server)
    return server


@pytest.fixture
def ada(contoso: Organization) -> PrintUser:
    return factories.person(contoso, ADA)


def read(server: PrintServer) -> None:
    order_round(server)
    perform(Rounds(), str(PrintServer.objects.get(pk=server.pk).round.pk))


def left(person: PrintUser, trigger: Trigger = Trigger.SUSPENDED, *, days: int = 0) -> DeprovisionRun:
    """The person's leaving, settled and administrators told, a minute or more ago."""
    run = factories.leaver(person.organization, trigger, who=person)
    # Told at the end of a quarter of an hour: in some minutes that would be due in the middle of a test.
    run.steps.filter(name=NotifyAdministrators.name).update(due_at=timezone.now())
    perform_due(run_id=run.pk)
    before = timedelta(days=days, minutes=1)
    DeprovisionRun.objects.filter(pk=run.pk).update(
        cut_at=run.cut_at - before, requested_at=run.requested_at - before
    )
    run.steps.filter(state=StepState.PENDING).update(due_at=F("due_at") - before)
    PrintUser.objects.filter(pk=person.pk, removed_at__isnull=False).update(removed_at=run.cut_at - before)
    return again(run)


def again(run: DeprovisionRun) -> DeprovisionRun:
    return DeprovisionRun.objects.get(pk=run.pk)


def late(run: DeprovisionRun) -> set[int]:
    return set(PrintJob.objects.filter(late_for_run=run.pk).values_list("remote_id", flat=True))


def recorded() -> list[int]:
    events = AuditEvent.objects.filter(verb="job.after-leaving").order_by("pk")
    return [event.details["job"] for event in events if event.details]


def test_a_job_after_the_leaving_is_held_by_it_and_recorded_once(
    cups: PrivateCups, server: PrintServer, ada: PrintUser
) -> None:
    run = left(ada)
    job = cups.submit("front", ADA, title="Notice of termination")
    tonight = cups.submit("front", ADA.upper(), hold=TONIGHT)
    bobs = cups.submit("front", "bob@contoso.example")

    read(server)
    assert again(run).state == RunState.WORKING
    perform_due(run_id=run.pk)
    read(server)

    assert [shown(cups, each) for each in (job, tonight)] == [(4, "indefinite")] * 2
    assert shown(cups, bobs) == (3, "no-hold")
    assert late(run) == {job, tonight}
    assert recorded() == [job, tonight]
    step = step_of(run)
    assert step.state == StepState.DONE
    assert [(entry["job"], entry["until"], entry["late"]) for entry in step.evidence["held"]] == [
        (job, "no-hold", True),
        (tonight, TONIGHT, True),
    ]
    assert f"Sent after access had ended, at front: job {job} and {tonight}." in step_words(
        step.name, step.evidence
    )
    rows = PrintJob.objects.filter(late_for_run=run.pk)
    assert {(row.held_by_run, row.held_by_step) for row in rows} == {(run.pk, "hold-jobs")}
    assert again(run).state == RunState.SETTLED
    assert run.steps.get(name="cancel-jobs").state == StepState.PENDING
    event = AuditEvent.objects.filter(verb="job.after-leaving")[0]
    assert (event.object_type, event.object_id) == ("person", str(ada.pk))
    assert "Notice" not in str(event.details)
    assert [each.reason.why for each in holdings_of(ada.organization, [ada])[ada.pk]] == [Why.DATED]


def test_jobs_of_before_the_leaving_are_not_late(
    cups: PrivateCups, server: PrintServer, ada: PrintUser
) -> None:
    cups.submit("front", ADA)
    run = factories.leaver(ada.organization, who=ada)
    perform_due(run_id=run.pk)
    DeprovisionRun.objects.filter(pk=run.pk).update(cut_at=timezone.now() + timedelta(seconds=1))
    read(server)

    assert late(run) == set()
    assert recorded() == []


def test_coming_back_releases_what_the_leaving_held(
    cups: PrivateCups, server: PrintServer, ada: PrintUser
) -> None:
    run = left(ada)
    own = cups.submit("front", ADA, hold="indefinite")
    job = cups.submit("front", ADA)
    read(server)
    perform_due(run_id=run.pk)

    ada.refresh_from_db()
    leaving.reactivate(ada, by=BY)
    perform_due()

    assert [shown(cups, each) for each in (own, job)] == [(4, "indefinite"), (3, "no-hold")]
    assert step_of(run).state == StepState.UNDONE
    read(server)
    assert recorded() == [own, job]


def test_after_the_restore_period_it_is_canceled_as_well(
    cups: PrivateCups, server: PrintServer, ada: PrintUser
) -> None:
    run = left(ada, Trigger.REMOVED, days=8)
    perform_due()
    assert again(run).state == RunState.FINISHED
    job = cups.submit("front", ADA)

    read(server)
    perform_due()

    assert job not in {each["job-id"] for each in cups.jobs()}
    assert [entry["job"] for entry in run.steps.get(name="cancel-jobs").evidence["canceled"]] == [job]
    assert again(run).state == RunState.FINISHED
    assert recorded() == [job]


def test_what_was_approved_early_does_not_cancel_a_later_job_before_its_time(
    cups: PrivateCups, server: PrintServer, ada: PrintUser
) -> None:
    run = left(ada)
    run.steps.filter(name="cancel-jobs").update(state=StepState.DONE)
    job = cups.submit("front", ADA)

    read(server)
    perform_due()

    assert shown(cups, job) == (4, "indefinite")
    step = run.steps.get(name="cancel-jobs")
    assert (step.state, step.due_at.date()) == (
        StepState.PENDING,
        (again(run).cut_at + timedelta(days=30)).date(),
    )


def test_where_jobs_are_deleted_at_once_this_one_is(
    cups: PrivateCups, server: PrintServer, ada: PrintUser
) -> None:
    change_policy(ada.organization, {"waiting_jobs": WaitingJobs.PURGE}, by=BY)
    run = left(ada, days=1)
    perform_due(run_id=run.pk)
    job = cups.submit("front", ADA)

    read(server)
    perform_due()

    assert job not in {each["job-id"] for each in cups.jobs()}
    assert again(run).state == RunState.FINISHED


def test_what_has_printed_is_recorded_and_nothing_acts_again(
    cups: PrivateCups, server: PrintServer, ada: PrintUser
) -> None:
    cups.add_queue("hall")
    run = left(ada)
    job = cups.submit("hall", ADA)
    while shown(cups, job)[0] != 9:
        pass

    read(server)

    assert late(run) == {job}
    assert recorded() == [job]
    assert again(run).state == RunState.SETTLED
    assert step_of(run).state == StepState.DONE


def test_a_name_that_someone_living_has_by_now_is_theirs(
    cups: PrivateCups, server: PrintServer, ada: PrintUser
) -> None:
    run = left(ada, Trigger.REMOVED)
    other = factories.person(ada.organization, ADA)
    PrintUser.objects.filter(pk=other.pk).update(created_at=timezone.now() - timedelta(seconds=30))
    other.aliases.update(valid_from=timezone.now() - timedelta(seconds=30))
    job = cups.submit("front", ADA)

    read(server)
    perform_due()

    assert shown(cups, job) == (3, "no-hold")
    assert PrintJob.objects.get(remote_id=job).person == other
    assert late(run) == set()
    assert recorded() == []


def test_a_name_of_two_people_and_one_of_nobody_are_left_alone(
    cups: PrivateCups, server: PrintServer, ada: PrintUser
) -> None:
    runs = [left(ada), left(factories.person(ada.organization, "ada@fabrikam.example"))]
    jobs = [cups.submit("front", name) for name in ("ada", "eve")]

    read(server)
    perform_due()

    assert [shown(cups, job) for job in jobs] == [(3, "no-hold")] * 2
    assert [late(run) for run in runs] == [set(), set()]
    assert recorded() == []


def test_the_name_of_a_removed_person_is_still_theirs_until_they_are_anonymized(
    cups: PrivateCups, server: PrintServer, ada: PrintUser
) -> None:
    run = left(ada, Trigger.REMOVED, days=8)
    perform_due()
    first = cups.submit("front", ADA)
    read(server)
    perform_due()
    ada.refresh_from_db()
    anonymise(ada, by=BY)
    second = cups.submit("front", ADA)
    read(server)
    perform_due()

    assert recorded() == []  # the details were erased
    assert AuditEvent.objects.filter(verb="job.after-leaving").count() == 1
    assert PrintJob.objects.get(remote_id=first).late_for_run == run.pk
    assert shown(cups, second) == (3, "no-hold")
    assert PrintJob.objects.get(remote_id=second).person is None


def test_a_skipped_step_stays_skipped_and_the_job_is_recorded(
    cups: PrivateCups, server: PrintServer, ada: PrintUser
) -> None:
    run = left(ada)
    run.steps.filter(name__in=["hold-jobs", "cancel-jobs"]).update(state=StepState.SKIPPED)
    job = cups.submit("front", ADA)

    read(server)
    perform_due()

    assert shown(cups, job) == (3, "no-hold")
    assert recorded() == [job]
    assert set(run.steps.filter(name__in=["hold-jobs", "cancel-jobs"]).values_list("state", flat=True)) == {
        StepState.SKIPPED
    }


def test_a_server_that_came_after_the_leaving_gets_its_steps(
    cups: PrivateCups, contoso: Organization, ada: PrintUser
) -> None:
    run = left(ada)
    cups.add_queue("front", device=STUCK_DEVICE, stopped=True)
    server = equipment.operated(contoso, cups)
    job = cups.submit("front", ADA)

    read(server)
    perform_due()

    assert shown(cups, job) == (4, "indefinite")
    assert step_of_server(run, server) == {"hold-jobs": StepState.DONE, "cancel-jobs": StepState.PENDING}


def step_of_server(run: DeprovisionRun, server: PrintServer) -> dict[str, str]:
    return dict(run.steps.filter(target_id=str(server.pk)).values_list("name", "state"))


def test_without_a_login_nothing_is_done_but_it_is_recorded(
    cups: PrivateCups, server: PrintServer, ada: PrintUser
) -> None:
    run = left(ada)
    job = cups.submit("front", ADA)
    PrintJob.objects.filter(server=server).delete()
    equipment.print_job(equipment.printer(server), ada, remote_id=job, state=3)
    pause_server(server, by=BY)
    server.refresh_from_db()

    assert note_late_jobs(server, None) == 1
    assert note_late_jobs(server, None) == 0
    assert step_of(run).state == StepState.DONE
    assert recorded() == [job]


def test_who_came_back_before_the_round_is_left_alone(
    cups: PrivateCups, server: PrintServer, ada: PrintUser
) -> None:
    run = left(ada)
    job = cups.submit("front", ADA)
    ada.refresh_from_db()
    leaving.reactivate(ada, by=BY)
    perform_due()

    read(server)
    perform_due()

    assert shown(cups, job) == (3, "no-hold")
    assert late(run) == set()


def test_the_receipt_gets_a_version_with_it(cups: PrivateCups, server: PrintServer, ada: PrintUser) -> None:
    run = left(ada)
    first = make_receipt(run.pk)
    job = cups.submit("front", ADA)
    read(server)
    perform_due(run_id=run.pk)

    second = make_receipt(run.pk)

    assert first is not None
    assert second is not None
    assert (first.version, second.version) == (1, 2)
    (step,) = [step for step in second.body["steps"] if step["step"] == "hold-jobs"]
    assert [(entry["job"], entry["late"]) for entry in step["evidence"]["held"]] == [(job, True)]
    assert first.body["late_jobs"]["number"] == 0
    assert counts(second) == {"number": 1, "held": 1, "canceled": 0, "let_go": 0, "printed": 0}


def test_the_receipt_says_which_jobs_were_let_go_and_printed(
    cups: PrivateCups, server: PrintServer, ada: PrintUser
) -> None:
    cups.add_queue("hall")
    run = left(ada)
    make_receipt(run.pk)
    printed = [cups.submit("hall", ADA, title="Letter") for _job in range(2)]
    while any(shown(cups, job)[0] != 9 for job in printed):
        pass
    cups.submit("front", ADA)

    read(server)
    perform_due(run_id=run.pk)
    assert again(run).receipt_due_at is not None
    make_due_receipts()

    receipt = run.receipts.get(version=2)
    assert counts(receipt) == {"number": 3, "held": 1, "canceled": 0, "let_go": 2, "printed": 2}
    late_jobs = receipt.body["late_jobs"]
    assert late_jobs["jobs_let_go"] == [{"server": str(server.pk), "job": job} for job in printed]
    assert any("let go" in sentence for sentence in receipt.body["statements"])
    assert verify_text(text_of(list(run.receipts.order_by("version")))).valid
    assert "Letter" not in str(receipt.body)


def test_a_job_that_only_printed_makes_a_version_too(
    cups: PrivateCups, server: PrintServer, ada: PrintUser
) -> None:
    cups.add_queue("hall")
    run = left(ada)
    make_due_receipts()
    job = cups.submit("hall", ADA)
    while shown(cups, job)[0] != 9:
        pass

    read(server)

    assert make_due_receipts() == 1
    assert counts(run.receipts.get(version=2))["printed"] == 1


def test_a_program_that_prints_every_minute_makes_a_version_an_hour_and_later_one_a_day(
    cups: PrivateCups, server: PrintServer, ada: PrintUser
) -> None:
    run = left(ada)
    run.steps.filter(name="notify-administrators").delete()  # would end after some minutes: news of its own
    make_due_receipts()

    def held_in_versions(jobs: int, **after: int) -> list[int]:
        """So many jobs come; receipts are made that much later than now."""
        for _job in range(jobs):
            cups.submit("front", ADA)
            read(server)
            perform_due(run_id=run.pk)
            with time_machine.travel(timezone.now() + timedelta(**after), tick=True):
                make_due_receipts()
        with time_machine.travel(timezone.now() + timedelta(**after), tick=True):
            make_due_receipts()
        return [counts(receipt)["held"] for receipt in run.receipts.order_by("version")]

    assert held_in_versions(4) == [0, 1]
    assert held_in_versions(1, minutes=59) == [0, 1]
    assert held_in_versions(0, minutes=61) == [0, 1, 5]
    assert held_in_versions(2, minutes=62) == [0, 1, 5]
    assert held_in_versions(1, hours=25) == [0, 1, 5, 8]
    assert held_in_versions(2, hours=48) == [0, 1, 5, 8]
    assert held_in_versions(0, hours=50) == [0, 1, 5, 8, 10]


def test_anything_else_is_in_a_version_at_once_with_the_jobs_that_came(
    cups: PrivateCups, server: PrintServer, ada: PrintUser
) -> None:
    run = left(ada)
    for _job in range(3):
        cups.submit("front", ADA)
        read(server)
        perform_due(run_id=run.pk)
        make_due_receipts()
    ada.refresh_from_db()

    leaving.reactivate(ada, by=BY)
    perform_due()
    make_due_receipts()

    states = [
        (receipt.body["state"], counts(receipt)["held"]) for receipt in run.receipts.order_by("version")
    ]
    assert states == [("settled", 1), ("undone", 3)]


def counts(receipt: Receipt) -> dict[str, int]:
    """How many jobs came late, by what became of them."""
    return {key: value for key, value in receipt.body["late_jobs"].items() if isinstance(value, int)}
