"""Servers that crash, forget and are set up again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from demo.cupsd import PrivateCups
from printmgmt.audit.models import AuditEvent
from printmgmt.organizations.models import Organization
from printmgmt.printing.jobs.actions import hold_job, release_job
from printmgmt.printing.models import JobState, PrintJob, PrintServer
from tests import factories
from tests.printmgmt.printing.rounds.conftest import Adds, Read


@pytest.fixture
def server(contoso: Organization, own_cups: PrivateCups, added: Adds) -> PrintServer:
    return added(contoso, own_cups)


@pytest.mark.parametrize("whole", [True, False])
def test_a_server_that_was_set_up_anew_counts_from_one_in_a_new_generation(
    own_cups: PrivateCups, server: PrintServer, read: Read, whole: bool
) -> None:
    queue = own_cups.add_queue("front", stopped=True)
    for _job in range(3):
        own_cups.submit(queue, "ada")
    read(server)
    before = {row.remote_id: row.job_uuid for row in server.jobs.all()}
    PrintJob.objects.update(submitted_at=timezone.now() - timedelta(hours=1))
    own_cups.rebuild()
    number = own_cups.submit(queue, "bob")
    assert number == 1

    after = read(server, whole=whole)

    assert after.generation == 2
    assert server.jobs.filter(generation=1, gone_at=None).count() == 0
    new = server.jobs.get(generation=2)
    assert (new.remote_id, new.owner_text, new.gone_at) == (1, "bob", None)
    assert new.job_uuid != before[1]
    assert read(server, whole=whole).generation == 2


def test_a_server_that_was_emptied_is_noticed_with_its_first_new_job(
    own_cups: PrivateCups, server: PrintServer, read: Read
) -> None:
    queue = own_cups.add_queue("front", stopped=True)
    for _job in range(3):
        own_cups.operate("Cancel-Job", job=own_cups.submit(queue, "ada"))
    read(server)
    PrintJob.objects.filter(remote_id__lt=3).delete()  # as if we knew the server from its third job on
    own_cups.rebuild()
    assert read(server).generation == 1  # nothing there says anything

    own_cups.submit(queue, "bob")
    read(server, whole=False)

    assert server.jobs.filter(owner_text="bob", remote_id=1, gone_at=None).count() == 1


def test_a_hold_that_a_crash_lost_is_held_again_and_counted(
    contoso: Organization, own_cups: PrivateCups, server: PrintServer, read: Read
) -> None:
    ada = factories.person(contoso, "ada@contoso.example")
    queue = own_cups.add_queue("front", stopped=True)
    number = own_cups.submit(queue, "ada")
    own_cups.restart()  # written to disk, waiting
    read(server)
    hold_job(PrintJob.objects.select_related("server").get(), by=factories.TESTER)
    assert own_cups.job(number)["job-state"] == JobState.HELD
    own_cups.kill()
    own_cups.start()
    assert own_cups.job(number)["job-state"] == JobState.PENDING

    read(server, whole=False)

    assert own_cups.job(number)["job-state"] == JobState.HELD
    row = PrintJob.objects.get()
    assert (row.state, row.hold_until, row.holds_lost) == (JobState.HELD, "indefinite", 1)
    assert row.held_by == factories.TESTER.label
    event = AuditEvent.objects.get(verb="job.held-again")
    assert event.details is not None
    assert (event.object_id, event.details["job"]) == (str(ada.pk), number)

    read(server, whole=False)
    assert PrintJob.objects.get().holds_lost == 1


def test_an_owner_who_releases_what_we_hold_finds_it_held_again(
    own_cups: PrivateCups, server: PrintServer, read: Read
) -> None:
    queue = own_cups.add_queue("front", stopped=True)
    number = own_cups.submit(queue, "ada")
    read(server)
    hold_job(PrintJob.objects.select_related("server").get(), by=factories.TESTER)
    assert own_cups.ipptool("Release-Job", job=number, user="ada").is_ok  # the stock policy lets owners

    read(server, whole=False)

    assert own_cups.job(number)["job-state"] == JobState.HELD

    # Nor may it print by itself at a time.
    assert own_cups.ipptool("Hold-Job", "keyword job-hold-until night", job=number, user="ada").is_ok
    read(server)
    assert own_cups.job(number)["job-hold-until"] == "indefinite"
    assert PrintJob.objects.get().holds_lost == 2


def test_what_is_not_held_by_us_or_was_released_is_left_alone(
    own_cups: PrivateCups, server: PrintServer, read: Read
) -> None:
    queue = own_cups.add_queue("front", stopped=True)
    held_by_owner = own_cups.submit(queue, "ada", hold="indefinite")
    released = own_cups.submit(queue, "ada")
    read(server)
    row = PrintJob.objects.select_related("server").get(remote_id=released)
    hold_job(row, by=factories.TESTER)
    own_cups.operate("Resume-Printer", queue=queue)  # where nothing prints, nothing is released
    release_job(row, by=factories.TESTER)
    own_cups.operate("Release-Job", job=held_by_owner)

    read(server)

    states = [own_cups.job(number)["job-state"] for number in (held_by_owner, released)]
    assert JobState.HELD not in states
    assert not AuditEvent.objects.filter(verb="job.held-again").exists()


def test_a_job_that_somebody_is_changing_just_now_is_not_held_again(
    own_cups: PrivateCups, server: PrintServer, read: Read
) -> None:
    queue = own_cups.add_queue("front", stopped=True)
    number = own_cups.submit(queue, "ada")
    read(server)
    hold_job(PrintJob.objects.select_related("server").get(), by=factories.TESTER)
    own_cups.operate("Release-Job", job=number)  # half of a release in the console
    PrintJob.objects.update(seen_at=timezone.now() + timedelta(seconds=55))

    read(server, whole=False)

    assert own_cups.job(number)["job-state"] == JobState.PENDING


def test_numbers_that_a_crash_gave_again_do_not_make_the_server_another_one(
    own_cups: PrivateCups, server: PrintServer, read: Read
) -> None:
    queue = own_cups.add_queue("front", stopped=True)
    kept = own_cups.submit(queue, "ada")
    lost = own_cups.submit(queue, "ada")
    read(server)
    row = server.jobs.get(remote_id=lost)
    # As if the newest job had been another one, which a crash lost before it was on disk.
    server.jobs.filter(pk=row.pk).update(
        job_uuid="urn:uuid:lost",
        submitted_at=row.submitted_at - timedelta(minutes=5),
        owner_text="bob",
        held_at=timezone.now(),
        held_by="somebody",
    )

    after = read(server, whole=False)

    assert after.generation == 1
    again = server.jobs.get(remote_id=lost)
    assert (again.owner_text, again.held_at, again.job_uuid) == ("ada", None, row.job_uuid)
    assert server.jobs.get(remote_id=kept).gone_at is None
