"""Secure release is ended: what waits prints by itself, is held first, or the queue stays stopped."""

import pytest

from demo.cupsd import STUCK_DEVICE, PrivateCups
from printmgmt.audit.models import AuditEvent
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser
from printmgmt.printing.ipp.client import Client
from printmgmt.printing.ipp.errors import NotNow
from printmgmt.printing.models import JobState, Printer, PrinterState, PrintJob
from printmgmt.printing.secure_release import ending
from printmgmt.printing.secure_release.checking import check_release_queues
from printmgmt.printing.secure_release.ending import Then, end
from printmgmt.printing.secure_release.errors import NotSecure, TooManyWaiting
from printmgmt.printing.secure_release.setting_up import set_up
from tests.factories import TESTER
from tests.printmgmt.printing import equipment
from tests.printmgmt.printing.secure_release.conftest import printer_of, read_now, server_with_queues
from tests.printmgmt.printing.secure_release.test_setting_up import state_of


@pytest.fixture
def queue(queue: Printer, cups: PrivateCups) -> Printer:
    """Its own device never finishes, so that what prints there by itself stays to be seen."""
    cups.add_queue("follow-me", device=STUCK_DEVICE)
    return queue


def ended(queue: Printer) -> Printer:
    row = printer_of(queue.server, queue.name)
    assert (row.secure_since, row.stops_again, row.hold_problem, row.hold_problem_since) == (
        None,
        False,
        "",
        None,
    )
    assert not row.devices.exists()
    return row


def test_what_waits_prints_by_itself(cups: PrivateCups, secure: Printer) -> None:
    number = cups.submit("follow-me", "ada")
    check_release_queues(secure.server)

    assert end(secure, then=Then.PRINT, by=TESTER) == 0

    assert cups.job(number)["job-state"] == 5
    assert ended(secure).state != PrinterState.STOPPED
    event = AuditEvent.objects.get(verb="secure-release.ended")
    assert event.details is not None
    assert (event.details["devices"], event.details["then"]) == (["hall"], "print")


def test_what_waits_is_held_first(cups: PrivateCups, secure: Printer, ada: PrintUser) -> None:
    known = equipment.seen_job(cups, secure, cups.submit("follow-me", "ada"), ada)
    unknown = cups.submit("follow-me", "bob")  # no round saw it yet
    held = cups.submit("follow-me", "ada", hold="night")
    elsewhere = cups.submit("hall", "ada")

    assert end(secure, then=Then.HOLD, by=TESTER) == 2

    assert state_of(cups, "follow-me") == PrinterState.IDLE
    states = [cups.job(number)["job-state"] for number in (known.remote_id, unknown, held, elsewhere)]
    assert states == [4, 4, 4, 5]
    assert cups.job(held)["job-hold-until"] == "night"
    row = PrintJob.objects.get(pk=known.pk)
    assert (row.state, row.hold_until, row.held_by) == (JobState.HELD, "indefinite", TESTER.label)
    ended(secure)


def test_the_queue_stays_stopped(cups: PrivateCups, secure: Printer) -> None:
    number = cups.submit("follow-me", "ada")

    end(secure, then=Then.STOPPED, by=TESTER)

    assert (cups.job(number)["job-state"], state_of(cups, "follow-me")) == (3, PrinterState.STOPPED)
    ended(secure)


def test_too_many_to_hold_at_once_change_nothing(
    cups: PrivateCups, secure: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ending, "MOST_HELD", 1)
    numbers = [cups.submit("follow-me", "ada") for _ in range(2)]

    with pytest.raises(TooManyWaiting):
        end(secure, then=Then.HOLD, by=TESTER)

    assert [cups.job(number)["job-state"] for number in numbers] == [3, 3]
    assert printer_of(secure.server, "follow-me").secure_since is not None
    assert state_of(cups, "follow-me") == PrinterState.STOPPED


def test_if_the_server_does_not_answer_on_the_way_it_goes_on_from_there(
    cups: PrivateCups, secure: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [cups.submit("follow-me", "ada") for _ in range(2)]
    hold = Client.hold

    def hold_once(client: Client, job_id: int, until: str = "indefinite") -> None:
        monkeypatch.setattr(Client, "hold", refuse)
        hold(client, job_id, until)

    def refuse(client: Client, job_id: int, until: str = "indefinite") -> None:
        raise NotNow

    monkeypatch.setattr(Client, "hold", hold_once)
    with pytest.raises(NotNow):
        end(secure, then=Then.HOLD, by=TESTER)
    assert state_of(cups, "follow-me") == PrinterState.STOPPED
    assert printer_of(secure.server, "follow-me").secure_since is not None
    monkeypatch.setattr(Client, "hold", hold)

    assert end(secure, then=Then.HOLD, by=TESTER) == 1

    assert [cups.job(number)["job-state"] for number in numbers] == [4, 4]
    ended(secure)


def test_a_queue_that_is_gone_or_a_server_that_is_off_does_not_keep_it_from_ending(
    own_cups: PrivateCups, contoso: Organization
) -> None:
    server = server_with_queues(contoso, own_cups)
    hall, stairs = printer_of(server, "hall"), printer_of(server, "stairs")
    set_up(printer_of(server, "follow-me"), devices=[hall], stops_again=False, by=TESTER)
    own_cups.operate("CUPS-Delete-Printer", queue="follow-me")
    read_now(server)
    end(printer_of(server, "follow-me"), then=Then.PRINT, by=TESTER)
    ended(printer_of(server, "follow-me"))

    set_up(stairs, devices=[hall], stops_again=False, by=TESTER)
    own_cups.stop()
    with pytest.raises(NotNow):
        end(printer_of(server, "stairs"), then=Then.PRINT, by=TESTER)
    end(printer_of(server, "stairs"), then=Then.STOPPED, by=TESTER)
    ended(printer_of(server, "stairs"))


def test_it_is_ended_once(cups: PrivateCups, secure: Printer) -> None:
    stale = printer_of(secure.server, "follow-me")
    end(secure, then=Then.STOPPED, by=TESTER)

    for then in Then:
        with pytest.raises(NotSecure):
            end(stale, then=then, by=TESTER)

    assert AuditEvent.objects.filter(verb="secure-release.ended").count() == 1
