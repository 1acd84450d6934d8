"""What is done to one job on a real cupsd with the stock policy, judged by ipptool."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from demo.cupsd import STUCK_DEVICE, PrivateCups
from printmgmt.audit.models import AuditEvent
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser
from printmgmt.printing.ipp.client import Client
from printmgmt.printing.ipp.errors import IppError, NotNow, WrongLogin
from printmgmt.printing.jobs.actions import NOT_HELD_BY_US, cancel_job, hold_job, move_job, release_job
from printmgmt.printing.jobs.errors import (
    ChooseDevice,
    HeldForLeaving,
    JobIsAnother,
    JobIsOver,
    PrinterStopped,
)
from printmgmt.printing.models import JobState, Printer, PrintJob
from printmgmt.printing.servers.connecting import BOX, client_for
from tests import factories
from tests.factories import TESTER
from tests.printmgmt.printing import equipment

SECRET = "Notice of termination"
PRINTS = (JobState.PENDING, JobState.PROCESSING)
"""States of a released job, as fast as it was read again."""


@pytest.fixture
def contoso(db: None) -> Organization:
    return factories.organization("Contoso")


@pytest.fixture
def ada(contoso: Organization) -> PrintUser:
    return factories.person(contoso, "ada@contoso.example")


@pytest.fixture
def front(contoso: Organization, cups: PrivateCups) -> Printer:
    """A stopped queue: what is sent to it waits."""
    cups.add_queue("front", device=STUCK_DEVICE, stopped=True)
    return equipment.printer(equipment.operated(contoso, cups), "front")


@pytest.fixture
def back(cups: PrivateCups, front: Printer) -> Printer:
    """A printer that never finishes: what it prints stays to be seen."""
    cups.add_queue("back", device=STUCK_DEVICE)
    return equipment.printer(front.server, "back")


def submitted(cups: PrivateCups, at: Printer, ada: PrintUser, hold: str = "") -> PrintJob:
    number = cups.submit(at.name, "ada", title=SECRET, **({"hold": hold} if hold else {}))
    return equipment.seen_job(cups, at, number, ada)


def stored(job: PrintJob) -> PrintJob:
    return PrintJob.objects.get(pk=job.pk)


def audited(verb: str, job: PrintJob) -> AuditEvent:
    """What was recorded about the job's person; of two jobs' events it would be too many."""
    event = AuditEvent.objects.get(verb=verb, object_type="person", object_id=str(job.person_id))
    assert (event.details or {})["job"] == job.remote_id
    return event


def test_a_waiting_job_is_held_and_what_it_would_have_done_is_kept(
    cups: PrivateCups, front: Printer, ada: PrintUser
) -> None:
    job = submitted(cups, front, ada, hold="night")

    hold_job(job, by=TESTER)

    shown = cups.job(job.remote_id)
    assert (shown["job-state"], shown["job-hold-until"]) == (4, "indefinite")
    row = stored(job)
    assert (row.state, row.hold_until, row.hold_until_before) == (JobState.HELD, "indefinite", "night")
    assert (row.held_by, row.held_by_run) == (TESTER.label, None)
    assert SECRET not in str(audited("job.held", job).details)


def test_a_job_that_we_hold_and_its_owner_released_is_held_as_it_was(
    cups: PrivateCups, front: Printer, ada: PrintUser
) -> None:
    """Anyone who holds it goes on holding it: a leaving still releases it when the person comes back."""
    job = submitted(cups, front, ada)
    run = uuid4()
    for_leaving = {"held_by_run": run, "held_by_step": "hold-jobs", "hold_until_before": "no-hold"}
    PrintJob.objects.filter(pk=job.pk).update(held_at=timezone.now(), **for_leaving)

    hold_job(stored(job), by=TESTER)

    assert cups.job(job.remote_id)["job-state"] == JobState.HELD
    row = stored(job)
    assert (row.held_by_run, row.held_by_step, row.held_by) == (run, "hold-jobs", "")
    assert row.hold_until_before == "no-hold"
    assert audited("job.held", job)


@pytest.mark.parametrize("end", ["Release-Job", "Cancel-Job"])
def test_who_releases_a_job_that_someone_else_has_just_ended_or_released_is_told(
    end: str, cups: PrivateCups, back: Printer, ada: PrintUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And it does not count as held by us again: a round would hold it, in the middle of a page."""
    job = hold_job(submitted(cups, back, ada, hold="indefinite"), by=TESTER)
    release = Client.release

    def too_late(client: Client, number: int) -> None:
        cups.operate(end, job=number)
        PrintJob.objects.filter(pk=job.pk).update(**NOT_HELD_BY_US)  # as they recorded it
        release(client, number)

    monkeypatch.setattr(Client, "release", too_late)

    with pytest.raises(JobIsOver):
        release_job(stored(job), by=TESTER)

    row = stored(job)
    assert (row.held_at, row.held_by) == (None, "")
    assert row.state in (*PRINTS, JobState.CANCELED)
    assert not AuditEvent.objects.filter(verb="job.released").exists()


def test_what_is_done_to_a_job_of_nobody_is_recorded_about_the_job(cups: PrivateCups, front: Printer) -> None:
    job = equipment.seen_job(cups, front, cups.submit(front.name, "stranger", title=SECRET))

    hold_job(job, by=TESTER)

    event = AuditEvent.objects.get(verb="job.held")
    assert (event.object_type, event.object_id) == ("job", str(job.pk))
    assert (event.details or {})["object"] == str(job.remote_id)


def test_several_jobs_are_changed_through_one_connection(
    cups: PrivateCups, front: Printer, ada: PrintUser
) -> None:
    jobs = [submitted(cups, front, ada), submitted(cups, front, ada)]

    with client_for(front.server) as client:
        for job in jobs:
            hold_job(job, by=TESTER, through=client)

    assert [cups.job(job.remote_id)["job-state"] for job in jobs] == [4, 4]


def test_a_job_its_owner_holds_stays_its_owners(cups: PrivateCups, front: Printer, ada: PrintUser) -> None:
    job = submitted(cups, front, ada, hold="indefinite")

    hold_job(job, by=TESTER)

    assert stored(job).held_at is None


def test_a_held_job_is_released(cups: PrivateCups, back: Printer, ada: PrintUser) -> None:
    job = submitted(cups, back, ada, hold="night")
    hold_job(job, by=TESTER)

    release_job(job, by=TESTER)

    assert cups.job(job.remote_id)["job-state"] in PRINTS
    row = stored(job)
    assert row.state in PRINTS
    assert (row.held_at, row.held_by, row.hold_until_before) == (None, "", "")
    assert audited("job.released", job)


@pytest.mark.parametrize("hold", ["", "indefinite"])
def test_in_a_stopped_queue_nothing_is_released(
    hold: str, cups: PrivateCups, front: Printer, ada: PrintUser
) -> None:
    """CUPS answers 0x0000, and the job waits on."""
    job = submitted(cups, front, ada, hold=hold)
    hold_job(job, by=TESTER)

    for to in (None, front):
        with pytest.raises(
            PrinterStopped, match="^The printer front is stopped, so the job was not released"
        ):
            release_job(job, by=TESTER, to=to)

    shown = cups.job(job.remote_id)
    assert (shown["job-state"], shown["job-hold-until"]) == (4, "indefinite")
    assert stored(job).held_by == job.held_by
    assert not AuditEvent.objects.filter(verb="job.released").exists()


def test_at_a_stopped_printer_nothing_is_released(
    cups: PrivateCups, front: Printer, back: Printer, ada: PrintUser
) -> None:
    job = submitted(cups, front, ada)
    cups.operate("Pause-Printer", queue="back")

    with pytest.raises(PrinterStopped, match="^The printer back is stopped"):
        release_job(job, by=TESTER, to=back)

    assert cups.job(job.remote_id)["job-printer-uri"].endswith("/printers/front")


@pytest.mark.parametrize("is_resumed", [False, True])
def test_in_a_secure_release_queue_a_printer_has_to_be_chosen(
    is_resumed: bool, cups: PrivateCups, front: Printer, back: Printer, ada: PrintUser
) -> None:
    """Resumed or not: the queue may have no device at all."""
    job = submitted(cups, front, ada, hold="indefinite")
    Printer.objects.filter(pk=front.pk).update(secure_since=timezone.now())
    front.devices.set([back, equipment.printer(front.server, "attic", location="Roof")])
    if is_resumed:
        cups.operate("Resume-Printer", queue="front")

    for to in (None, front):
        with pytest.raises(ChooseDevice) as error:
            release_job(job, by=TESTER, to=to)

    assert str(error.value) == (
        "Jobs of the queue front wait until they are released at a printer. Choose one: attic (Roof) or back."
    )
    assert cups.job(job.remote_id)["job-state"] == 4
    release_job(job, by=TESTER, to=back)
    assert cups.job(job.remote_id)["job-printer-uri"].endswith("/printers/back")


def test_a_secure_release_queue_without_a_printer_releases_nothing(
    cups: PrivateCups, front: Printer, ada: PrintUser
) -> None:
    job = submitted(cups, front, ada)
    Printer.objects.filter(pk=front.pk).update(secure_since=timezone.now())
    front.devices.add(equipment.printer(front.server, "attic", missing_since=timezone.now()))

    with pytest.raises(ChooseDevice, match="has no printer left where jobs can be released"):
        release_job(job, by=TESTER)


@pytest.mark.parametrize("hold", ["", "indefinite"])
def test_a_job_is_released_at_another_queue(
    hold: str, cups: PrivateCups, front: Printer, back: Printer, ada: PrintUser
) -> None:
    job = submitted(cups, front, ada, hold=hold)

    release_job(job, by=TESTER, to=back)

    shown = cups.job(job.remote_id)
    assert shown["job-printer-uri"].endswith("/printers/back")
    assert shown["job-state"] in PRINTS
    assert stored(job).printer == back


def test_a_moved_job_that_was_held_stays_held(
    cups: PrivateCups, front: Printer, back: Printer, ada: PrintUser
) -> None:
    job = submitted(cups, front, ada, hold="indefinite")

    move_job(job, back, by=TESTER)

    assert cups.job(job.remote_id)["job-state"] == 4
    assert (stored(job).printer, stored(job).state) == (back, JobState.HELD)


def test_a_canceled_job_cannot_be_restarted_by_its_owner(
    cups: PrivateCups, front: Printer, ada: PrintUser
) -> None:
    job = submitted(cups, front, ada)

    cancel_job(job, by=TESTER)

    assert not cups.ipptool("Restart-Job", job=job.remote_id, user="ada").is_ok
    assert (stored(job).state, stored(job).finished_at is not None) == (JobState.CANCELED, True)
    assert audited("job.canceled", job)


@pytest.mark.parametrize("act", [hold_job, release_job, cancel_job])
def test_what_is_over_is_said_to_be_and_the_row_shows_it(
    act: object, cups: PrivateCups, front: Printer, ada: PrintUser
) -> None:
    job = submitted(cups, front, ada)
    cups.operate("Cancel-Job", job=job.remote_id)

    with pytest.raises(JobIsOver):
        act(job, by=TESTER)  # type: ignore[operator]

    assert stored(job).state == JobState.CANCELED
    assert not AuditEvent.objects.filter(verb__startswith="job.").exists()


def test_a_job_the_server_no_longer_knows_is_gone(cups: PrivateCups, front: Printer, ada: PrintUser) -> None:
    job = submitted(cups, front, ada)
    cups.operate("Cancel-Job", "boolean purge-job true", job=job.remote_id)

    with pytest.raises(JobIsOver):
        release_job(job, by=TESTER)

    assert stored(job).gone_at is not None


def test_nothing_is_done_to_another_job_that_got_the_number(
    cups: PrivateCups, front: Printer, ada: PrintUser
) -> None:
    job = submitted(cups, front, ada)
    PrintJob.objects.filter(pk=job.pk).update(submitted_at=job.submitted_at - timedelta(hours=1))

    with pytest.raises(JobIsAnother):
        cancel_job(stored(job), by=TESTER)

    assert cups.job(job.remote_id)["job-state"] == 3


def test_a_job_that_is_held_because_its_owner_left_is_not_released(
    cups: PrivateCups, front: Printer, ada: PrintUser
) -> None:
    job = submitted(cups, front, ada, hold="indefinite")
    run = factories.leaver(ada.organization, who=ada)
    job.held_by_run, job.held_by_step, job.held_at = run.pk, "hold-waiting-jobs", timezone.now()
    job.save()

    with pytest.raises(HeldForLeaving):
        release_job(job, by=TESTER)

    assert cups.job(job.remote_id)["job-state"] == 4


def test_a_wrong_password_and_a_server_that_is_off_change_nothing(
    own_cups: PrivateCups, contoso: Organization, ada: PrintUser
) -> None:
    own_cups.add_queue("front", stopped=True)
    server = equipment.operated(contoso, own_cups)
    job = submitted(own_cups, equipment.printer(server, "front"), ada)
    before = PrintJob.objects.values().get(pk=job.pk)

    server.sealed_secret = BOX.seal("wrong")
    server.save()
    refused: list[type[IppError]] = []
    for act in (hold_job, cancel_job):
        with pytest.raises(IppError) as error:
            act(PrintJob.objects.get(pk=job.pk), by=TESTER)
        refused.append(error.type)
    own_cups.stop()
    with pytest.raises(NotNow):
        hold_job(PrintJob.objects.get(pk=job.pk), by=TESTER)

    assert refused == [WrongLogin, WrongLogin]
    after = PrintJob.objects.values().get(pk=job.pk)
    assert {**after, "seen_at": None} == {**before, "seen_at": None}


def test_a_release_that_fails_leaves_the_hold_as_it_was(
    cups: PrivateCups, front: Printer, ada: PrintUser
) -> None:
    job = submitted(cups, front, ada)
    hold_job(job, by=TESTER)
    nowhere = equipment.printer(front.server, "nowhere")

    with pytest.raises(IppError):
        release_job(job, by=TESTER, to=nowhere)

    assert stored(job).held_by == TESTER.label
    assert cups.job(job.remote_id)["job-state"] == 4


def test_an_older_answer_never_overwrites_a_newer_one(
    cups: PrivateCups, front: Printer, ada: PrintUser
) -> None:
    job = submitted(cups, front, ada)
    later = timezone.now() + timedelta(minutes=1)
    PrintJob.objects.filter(pk=job.pk).update(seen_at=later, state=JobState.COMPLETED)

    hold_job(job, by=TESTER)

    assert (stored(job).state, stored(job).seen_at) == (JobState.COMPLETED, later)
