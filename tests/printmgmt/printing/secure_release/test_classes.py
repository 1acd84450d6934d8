"""Classes and secure release: what a real cupsd does with them, and why the console refuses them."""

import pytest

from demo.cupsd import OPERATOR, PrivateCups
from printmgmt.people.models import PrintUser
from printmgmt.printing.jobs.actions import release_job
from printmgmt.printing.jobs.errors import ChooseDevice, PrinterStopped
from printmgmt.printing.models import HoldProblem, JobState, Printer, PrinterState, PrintServer
from printmgmt.printing.secure_release.devices import devices_for, possible_devices
from printmgmt.printing.secure_release.errors import DevicesUnfit, QueueUnfit
from printmgmt.printing.secure_release.fitness import read_devices, read_queue
from printmgmt.printing.secure_release.setting_up import set_up
from printmgmt.printing.servers.connecting import client_for
from printmgmt.services.process import wait_until
from tests.factories import TESTER
from tests.printmgmt.printing import equipment
from tests.printmgmt.printing.secure_release.conftest import printer_of, read_now
from tests.printmgmt.printing.secure_release.test_setting_up import move, state_of

NO_HOLD = ["job-hold-until=no-hold"]


def add_class(cups: PrivateCups, name: str, *members: str) -> None:
    uris = ",".join(f"ipp://{cups.host}/printers/{member}" for member in members)
    made = cups.operate(
        "CUPS-Add-Modify-Class",
        "GROUP printer-attributes-tag",
        f"uri member-uris {uris}",
        "boolean printer-is-accepting-jobs true",
        "enum printer-state 3",
        queue=name,
    )
    assert made.is_ok


@pytest.fixture
def both(cups: PrivateCups, server: PrintServer) -> Printer:
    """A class of two printers, both of which print at once."""
    cups.add_queue("attic")
    add_class(cups, "both", "stairs", "attic")
    read_now(server)
    return printer_of(server, "both")


# As the queue where jobs wait


def test_a_stopped_class_holds_as_a_stopped_queue_does(cups: PrivateCups, both: Printer) -> None:
    """On CUPS 2.4.2. So a class is not refused because it would print."""
    cups.operate("Pause-Printer", queue="both")
    number = cups.submit("both", "ada", options=NO_HOLD)
    cups.restart()

    assert not cups.ipptool("Resume-Printer", queue="both", user="ada").is_ok
    assert (state_of(cups, "both"), cups.job(number)["job-state"]) == (PrinterState.STOPPED, JobState.PENDING)
    assert state_of(cups, "stairs") == PrinterState.IDLE
    assert move(cups, number, "stairs", login=OPERATOR)
    assert wait_until(lambda: cups.job(number)["job-state"] == JobState.COMPLETED, timeout=60)


def test_resumed_it_hands_its_jobs_to_all_its_members_at_once(cups: PrivateCups, both: Printer) -> None:
    """Why it is refused: what waits is not where it can be watched, and prints at printers nobody named."""
    cups.operate("Pause-Printer", queue="both")
    numbers = [cups.submit("both", "ada", options=NO_HOLD) for _ in range(2)]

    cups.operate("Resume-Printer", queue="both")

    for number in numbers:
        assert wait_until(
            lambda number=number: cups.job(number)["job-state"] == JobState.COMPLETED, timeout=60
        )
        assert cups.job(number)["job-printer-uri"].endswith("/classes/both")


def test_a_class_is_no_secure_release_queue_and_is_not_stopped(
    cups: PrivateCups, both: Printer, hall: Printer
) -> None:
    words = "A class cannot be a secure release queue"
    with pytest.raises(QueueUnfit, match=words):
        set_up(both, devices=[hall], stops_again=True, by=TESTER)
    with client_for(both.server) as client, pytest.raises(QueueUnfit, match=words):
        read_queue(client, both)

    assert state_of(cups, "both") == PrinterState.IDLE


# As the printer where jobs are released


def test_a_class_takes_a_moved_job_and_looks_idle_although_none_of_its_members_prints(
    cups: PrivateCups, secure: Printer, both: Printer
) -> None:
    for member in ("stairs", "attic"):
        cups.operate("Pause-Printer", queue=member)
    number = cups.submit("follow-me", "ada")

    assert move(cups, number, "both", login=OPERATOR)

    shown = cups.job(number)
    assert shown["job-printer-uri"].endswith("/classes/both")
    assert (shown["job-state"], state_of(cups, "both")) == (JobState.PENDING, PrinterState.IDLE)


def test_a_class_is_no_device(queue: Printer, both: Printer, hall: Printer) -> None:
    assert both not in possible_devices(queue)
    with pytest.raises(DevicesUnfit, match="both is a class. Choose its members"):
        set_up(queue, devices=[hall, both], stops_again=False, by=TESTER)
    with client_for(queue.server) as client, pytest.raises(DevicesUnfit, match="both is a class"):
        read_devices(client, [both])


def test_a_device_that_became_a_class_is_a_device_no_more(
    cups: PrivateCups, secure: Printer, hall: Printer, ada: PrintUser
) -> None:
    job = equipment.seen_job(cups, secure, cups.submit("follow-me", "ada"), ada)
    cups.operate("CUPS-Delete-Printer", queue="hall")
    add_class(cups, "hall", "stairs")
    read_now(secure.server)

    secure.refresh_from_db()
    assert secure.hold_problem == HoldProblem.DEVICE_MISSING
    assert devices_for(job) == []
    with pytest.raises(ChooseDevice, match="no printer left"):
        release_job(job, by=TESTER)


# A held job in a class of its own accord


def test_a_job_in_a_class_is_released_where_one_of_its_members_prints(
    cups: PrivateCups, both: Printer, ada: PrintUser
) -> None:
    job = equipment.seen_job(cups, both, cups.submit("both", "ada", hold="indefinite"), ada)
    for member in ("stairs", "attic"):
        cups.operate("Pause-Printer", queue=member)
    with pytest.raises(PrinterStopped, match="The printer both is stopped"):
        release_job(job, by=TESTER)
    assert cups.job(job.remote_id)["job-state"] == JobState.HELD

    cups.operate("Resume-Printer", queue="attic")
    release_job(job, by=TESTER)

    assert wait_until(lambda: cups.job(job.remote_id)["job-state"] == JobState.COMPLETED, timeout=60)
