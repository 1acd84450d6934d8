"""Jobs of a real CUPS server, as `lp` submitted them, become rows and follow what happens there."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from demo.cupsd import OPERATOR, STUCK_DEVICE, PrivateCups
from printmgmt.organizations.models import Organization
from printmgmt.printing.models import OPEN, JobState, OwnerDoubt, PrintJob, PrintServer
from printmgmt.printing.rounds import reconciling
from tests import factories
from tests.printmgmt.printing.rounds.conftest import Adds, Read


def job(server: PrintServer, number: int) -> PrintJob:
    return PrintJob.objects.select_related("printer").get(
        server=server, generation=PrintServer.objects.get(pk=server.pk).generation, remote_id=number
    )


@pytest.mark.both_databases
def test_a_job_is_seen_with_all_that_is_known_of_it(
    contoso: Organization, cups: PrivateCups, server: PrintServer, read: Read
) -> None:
    ada = factories.person(contoso, "ada@contoso.example")
    queue = cups.add_queue("front")
    number = cups.submit(queue, "ada", title="Letter to Bob", hold="indefinite")

    read(server)

    seen = job(server, number)
    assert seen.person == ada
    assert (seen.doubt, seen.owner_text, seen.title) == ("", "ada", "Letter to Bob")
    assert (seen.state, seen.hold_until) == (JobState.HELD, "indefinite")
    assert seen.state_reasons == ["job-hold-until-specified"]
    assert seen.printer is not None
    assert seen.printer.name == "front"
    assert seen.job_uuid == cups.job(number)["job-uuid"]
    assert abs(seen.submitted_at - timezone.now()) < timedelta(minutes=1)
    assert seen.finished_at is None
    assert seen.held_at is None


def test_what_happens_to_a_job_is_followed_to_its_end_and_kept(
    cups: PrivateCups, server: PrintServer, read: Read
) -> None:
    queue = cups.add_queue("front")
    number, other = (cups.submit(queue, "ada", hold="indefinite") for _ in range(2))
    read(server)

    cups.operate("Release-Job", job=number)
    cups.operate("Cancel-Job", job=other)
    read(server, whole=False)

    assert job(server, other).state == JobState.CANCELED
    for _attempt in range(50):
        if job(server, number).state == JobState.COMPLETED:
            break
        read(server, whole=False)
    done = job(server, number)
    assert done.state == JobState.COMPLETED
    assert done.finished_at is not None
    assert done.finished_at >= done.submitted_at
    assert done.gone_at is None

    cups.operate("Cancel-Job", "boolean purge-job true", job=number)
    read(server)
    assert job(server, number).gone_at is None  # history: its end was seen
    assert job(server, number).state == JobState.COMPLETED


def test_a_job_that_vanished_is_gone_and_one_that_ended_is_not(
    cups: PrivateCups, server: PrintServer, read: Read
) -> None:
    queue, other = cups.add_queue("front", stopped=True), cups.add_queue("back", stopped=True)
    first, second = cups.submit(queue, "ada"), cups.submit(other, "ada")
    read(server)

    cups.operate("CUPS-Delete-Printer", queue=queue)  # and its jobs with it
    third = cups.submit(other, "ada")
    read(server, whole=False)

    assert job(server, first).gone_at is not None
    assert job(server, first).state in OPEN
    assert [job(server, number).gone_at for number in (second, third)] == [None, None]
    assert server.printers.get(name="front").missing_since is None  # queues were not read
    read(server)
    assert server.printers.get(name="front").missing_since is not None


def test_no_job_is_lost_between_old_open_ones_and_new_ones(
    cups: PrivateCups, server: PrintServer, read: Read
) -> None:
    queue = cups.add_queue("front")
    cups.operate("Pause-Printer", queue=queue)
    old = cups.submit(queue, "ada", hold="indefinite", options=["job-priority=1"])
    numbers = [old]
    for _round in range(4):
        numbers += [cups.submit(queue, "ada", options=["job-priority=100"]) for _job in range(3)]
        read(server, whole=False)
        cups.operate("Cancel-Job", job=numbers[-2])

    read(server, whole=False)

    assert sorted(server.jobs.values_list("remote_id", flat=True)) == numbers
    assert {row["job-id"]: row["job-state"] for row in cups.jobs()} == dict(
        server.jobs.values_list("remote_id", "state")
    )


def test_with_nothing_open_new_jobs_are_found_and_the_newest_is_known_again(
    cups: PrivateCups, server: PrintServer, read: Read
) -> None:
    queue = cups.add_queue("front")
    numbers = []
    for _round in range(3):
        numbers.append(cups.submit(queue, "ada"))
        cups.operate("Cancel-Job", "boolean purge-job true", job=numbers[-1])
        numbers.append(cups.submit(queue, "ada", hold="indefinite"))
        read(server, whole=False)
        cups.operate("Cancel-Job", job=numbers[-1])
        read(server, whole=False)

    assert server.jobs.filter(state__in=OPEN, gone_at=None).count() == 0
    assert set(server.jobs.values_list("remote_id", flat=True)) >= set(numbers[1::2])
    assert PrintServer.objects.get(pk=server.pk).generation == 1


def test_the_newest_job_may_be_purged(cups: PrivateCups, server: PrintServer, read: Read) -> None:
    queue = cups.add_queue("front", stopped=True)
    first, second = cups.submit(queue, "ada"), cups.submit(queue, "ada")
    read(server)
    cups.operate("Cancel-Job", job=first)
    cups.operate("Cancel-Job", "boolean purge-job true", job=second)
    read(server, whole=False)

    third = cups.submit(queue, "ada")
    after = read(server, whole=False)

    assert job(server, third).state == JobState.PENDING
    assert job(server, second).gone_at is not None
    assert after.generation == 1


def test_a_moved_job_is_at_its_new_printer(cups: PrivateCups, server: PrintServer, read: Read) -> None:
    queue, other = cups.add_queue("front"), cups.add_queue("back")
    number = cups.submit(queue, "ada", hold="indefinite")
    read(server)

    cups.operate(
        "CUPS-Move-Job",
        "GROUP job-attributes-tag",
        f"uri job-printer-uri ipp://{cups.host}/printers/{other}",
        job=number,
    )
    read(server, whole=False)

    moved = job(server, number).printer
    assert moved is not None
    assert moved.name == "back"


def test_a_time_at_which_a_held_job_prints_is_seen_without_a_change_of_state(
    cups: PrivateCups, server: PrintServer, read: Read
) -> None:
    queue = cups.add_queue("front")
    number = cups.submit(queue, "ada", hold="indefinite")
    read(server)
    cups.operate("Hold-Job", "keyword job-hold-until night", job=number)

    read(server)

    assert (job(server, number).state, job(server, number).hold_until) == (JobState.HELD, "night")


def test_a_finished_job_that_is_restarted_waits_again(
    cups: PrivateCups, server: PrintServer, read: Read
) -> None:
    queue = cups.add_queue("front", stopped=True)
    number, later = cups.submit(queue, "ada"), cups.submit(queue, "ada", hold="indefinite")
    cups.operate("Cancel-Job", job=number)
    read(server)
    assert job(server, number).state == JobState.CANCELED

    cups.operate("Restart-Job", job=number)
    read(server)

    assert (job(server, number).state, job(server, number).finished_at) == (JobState.PENDING, None)
    assert job(server, later).state == JobState.HELD


def test_hidden_owners_are_a_doubt_and_no_absence(
    own_cups: PrivateCups, contoso: Organization, added: Adds, read: Read
) -> None:
    ada = factories.person(contoso, "ada@contoso.example")
    queue = own_cups.add_queue("front", stopped=True)
    number = own_cups.submit(queue, "ada")
    server = added(contoso, own_cups)
    own_cups.policy(JobPrivateAccess="nobody-at-all")
    read(server)

    hidden = job(server, number)
    assert (hidden.doubt, hidden.person, hidden.owner_text) == (OwnerDoubt.HIDDEN, None, "")

    own_cups.policy()
    read(server, whole=False)
    assert job(server, number).person == ada


def test_a_forged_owner_is_nobodys(
    contoso: Organization, cups: PrivateCups, server: PrintServer, read: Read
) -> None:
    factories.person(contoso, "ada@contoso.example")
    factories.person(contoso, "bob@contoso.example")
    queue = cups.add_queue("front", stopped=True)
    answer = cups.ipptool(
        "Create-Job",
        "GROUP job-attributes-tag",
        "name job-originating-user-name bob",
        queue=queue,
        user="ada",
    )
    assert answer.is_ok, answer.status

    read(server)

    seen = server.jobs.get()
    assert (seen.doubt, seen.person) == (OwnerDoubt.FORGED, None)
    assert set(seen.owner_text.split(" / ")) == {"ada", "bob"}


def test_a_person_who_comes_later_gets_waiting_and_past_jobs(
    contoso: Organization, cups: PrivateCups, server: PrintServer, read: Read
) -> None:
    queue = cups.add_queue("front", stopped=True)
    past, waiting = cups.submit(queue, "ada"), cups.submit(queue, "ada")
    cups.operate("Cancel-Job", "boolean purge-job true", job=past)
    read(server)
    server.jobs.create(
        organization=contoso,
        remote_id=10_000_000,
        owner_text="ada",
        owner_key="ada",
        doubt=OwnerDoubt.UNKNOWN,
        state=JobState.COMPLETED,
        submitted_at=timezone.now(),
    )
    assert job(server, waiting).doubt == OwnerDoubt.UNKNOWN

    ada = factories.person(contoso, "ada@contoso.example")
    read(server, whole=False)

    assert ada.jobs.count() == 2
    assert not server.jobs.exclude(doubt="").exists()


def test_an_answer_that_is_older_than_what_somebody_read_since_changes_nothing(
    cups: PrivateCups, server: PrintServer, read: Read
) -> None:
    queue = cups.add_queue("front", stopped=True)
    number = cups.submit(queue, "ada")
    read(server)
    # Someone's later look, by a clock that is two minutes ahead of the round's.
    server.jobs.update(state=JobState.HELD, seen_at=timezone.now() + timedelta(minutes=2))

    read(server, whole=False)

    assert job(server, number).state == JobState.HELD


def test_a_printing_job_is_seen_printing(cups: PrivateCups, server: PrintServer, read: Read) -> None:
    queue = cups.add_queue("front", device=STUCK_DEVICE)
    number = cups.submit(queue, "ada")
    for _attempt in range(50):
        read(server, whole=False)
        if job(server, number).state == JobState.PROCESSING:
            break

    assert job(server, number).state == JobState.PROCESSING
    cups.operate("Cancel-Job", job=number)


def test_two_organizations_on_one_server_see_the_jobs_of_their_own_people(
    contoso: Organization, cups: PrivateCups, server: PrintServer, added: Adds, read: Read
) -> None:
    fabrikam = factories.organization("Fabrikam")
    ada, bob = factories.person(contoso, "ada@contoso.example"), factories.person(fabrikam, "bob")
    theirs = added(fabrikam, cups)
    queue = cups.add_queue("front", stopped=True)
    numbers = {name: cups.submit(queue, name) for name in ("ada", "bob", "carol")}

    for _twice in range(2):
        for each in (server, theirs):
            read(each, whole=False)

    assert [row.person for row in server.jobs.all()] == [ada]
    assert [row.person for row in theirs.jobs.all()] == [bob]
    assert ada.jobs.get().remote_id == numbers["ada"]
    assert PrintServer.objects.get(pk=server.pk).generation == 1


def test_the_number_of_jobs_there_is_known_where_the_server_limits_it(
    cups: PrivateCups, server: PrintServer, read: Read
) -> None:
    queue = cups.add_queue("front", stopped=True)
    for _job in range(3):
        cups.submit(queue, "ada")
    cups.operate("Cancel-Job", job=cups.submit(queue, "ada"))

    after = read(server)

    assert after.job_count == 4
    assert cups.ipptool("Get-Jobs", "keyword which-jobs all", login=OPERATOR).is_ok


def test_what_someone_says_of_a_job_while_a_round_reads_it_is_not_overwritten(
    contoso: Organization,
    server: PrintServer,
    cups: PrivateCups,
    read: Read,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cups.add_queue("front", stopped=True)
    number = cups.submit("front", "bob")
    read(server)
    zoe = factories.person(contoso, "zoe@contoso.example")
    factories.person(contoso, "bob@contoso.example")
    row = job(server, number)
    PrintJob.objects.filter(pk=row.pk).update(person=None, doubt=OwnerDoubt.REUSED)
    cups.operate("Hold-Job", job=number)
    ask = reconciling.read_details

    def claimed_meanwhile(*args: Any) -> Any:
        PrintJob.objects.filter(pk=row.pk).update(person=zoe, doubt="", claimed=True)
        return ask(*args)

    monkeypatch.setattr(reconciling, "read_details", claimed_meanwhile)
    read(server)

    row.refresh_from_db()
    assert (row.state, row.person, row.doubt, row.claimed) == (JobState.HELD, zoe, "", True)
