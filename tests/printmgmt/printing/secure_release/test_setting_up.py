"""Secure release is set up on a real cupsd with the stock policy, and holds whatever a client asks for."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from demo.cupsd import PrivateCups
from printmgmt.audit.models import AuditEvent
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser
from printmgmt.printing.ipp.client import Client
from printmgmt.printing.ipp.errors import Forbidden, IppError, NotNow
from printmgmt.printing.jobs.actions import release_job
from printmgmt.printing.models import Printer, PrinterState, PrintJob, PrintServer
from printmgmt.printing.rounds.leases import server_lease
from printmgmt.printing.secure_release.errors import (
    DevicesUnfit,
    NotSecure,
    NotStopped,
    QueueUnfit,
    SecureReleaseError,
)
from printmgmt.printing.secure_release.setting_up import change, set_up, stop_again
from printmgmt.printing.servers.connecting import BOX
from printmgmt.printing.servers.pausing import pause_server, remove_server
from tests.factories import TESTER
from tests.printmgmt.printing import equipment
from tests.printmgmt.printing.secure_release.conftest import printer_of, read_now, server_with_queues

MOVE = "CUPS-Move-Job"


def state_of(cups: PrivateCups, name: str) -> int:
    answer = cups.ipptool("Get-Printer-Attributes", queue=name)
    return int(answer.groups[0]["printer-state"])


def move(cups: PrivateCups, number: int, to: str, **who: str) -> bool:
    target = f"uri job-printer-uri ipp://{cups.host}/printers/{to}"
    return cups.ipptool(MOVE, "GROUP job-attributes-tag", target, job=number, **who).is_ok


def audited(queue: Printer) -> list[str]:
    events = AuditEvent.objects.filter(object_type="printer", object_id=str(queue.pk)).order_by("id")
    return list(events.values_list("verb", flat=True))


def untouched(queue: Printer) -> bool:
    row = printer_of(queue.server, queue.name)
    return row.secure_since is None and not row.devices.exists() and not audited(queue)


def test_it_stops_the_queue_and_remembers_its_printers(
    cups: PrivateCups, queue: Printer, hall: Printer, stairs: Printer
) -> None:
    set_up(queue, devices=[hall, stairs], stops_again=True, by=TESTER)

    assert state_of(cups, "follow-me") == PrinterState.STOPPED
    row = printer_of(queue.server, "follow-me")
    assert row.secure_since is not None
    assert row.state == PrinterState.STOPPED
    assert row.stops_again
    assert set(row.devices.all()) == {hall, stairs}
    event = AuditEvent.objects.get(verb="secure-release.set-up")
    assert event.details is not None
    assert event.details["devices"] == ["hall", "stairs"]


def test_a_job_that_asks_not_to_be_held_waits_there(cups: PrivateCups, secure: Printer) -> None:
    number = cups.submit("follow-me", "ada", options=["job-hold-until=no-hold"])

    assert cups.job(number)["job-state"] == 3


def test_jobs_wait_there_after_a_restart(own_cups: PrivateCups, contoso: Organization) -> None:
    server = server_with_queues(contoso, own_cups)
    hall = printer_of(server, "hall")
    set_up(printer_of(server, "follow-me"), devices=[hall], stops_again=False, by=TESTER)
    before = own_cups.submit("follow-me", "ada", options=["job-hold-until=no-hold"])

    own_cups.restart()

    after = own_cups.submit("follow-me", "ada")
    assert (own_cups.job(before)["job-state"], own_cups.job(after)["job-state"]) == (3, 3)
    assert state_of(own_cups, "follow-me") == PrinterState.STOPPED


def test_their_owner_can_neither_resume_the_queue_nor_release_them_in_it(
    cups: PrivateCups, secure: Printer
) -> None:
    number = cups.submit("follow-me", "ada")

    resumed = cups.ipptool("Resume-Printer", queue="follow-me", user="ada")
    released = cups.ipptool("Release-Job", job=number, user="ada")

    assert resumed.status == "client-error-not-authenticated"
    assert not released.is_ok
    assert cups.job(number)["job-state"] == 3


@pytest.mark.parametrize("hold", ["", "indefinite"])
def test_a_released_job_prints_at_the_printer(
    hold: str, cups: PrivateCups, secure: Printer, hall: Printer, ada: PrintUser
) -> None:
    number = cups.submit("follow-me", "ada", **({"hold": hold} if hold else {}))
    job = equipment.seen_job(cups, secure, number, ada)

    release_job(job, by=TESTER, to=hall)

    shown = cups.job(number)
    assert shown["job-printer-uri"].endswith("/printers/hall")
    assert shown["job-state"] in (3, 5)
    assert PrintJob.objects.get(pk=job.pk).printer == hall


@pytest.mark.parametrize(
    "closed", [{"accepting": False}, {"attributes": ["name requesting-user-name-allowed -closed-"]}]
)
def test_a_printer_that_is_closed_to_everybody_prints_what_is_released(
    closed: dict[str, object], cups: PrivateCups, secure: Printer, stairs: Printer, ada: PrintUser
) -> None:
    cups.add_queue("stairs", **closed)  # type: ignore[arg-type]
    number = cups.submit("follow-me", "ada")

    release_job(equipment.seen_job(cups, secure, number, ada), by=TESTER, to=stairs)

    assert cups.job(number)["job-printer-uri"].endswith("/printers/stairs")


def test_a_job_that_prints_while_the_queue_is_set_up_waits_then(
    cups: PrivateCups, hall: Printer, stairs: Printer
) -> None:
    number = cups.submit("hall", "ada")  # its device never finishes

    set_up(hall, devices=[stairs], stops_again=False, by=TESTER)

    assert cups.job(number)["job-state"] == 3


def removed(queue: Printer, hall: Printer) -> None:
    remove_server(queue.server, by=TESTER)


def paused(queue: Printer, hall: Printer) -> None:
    pause_server(queue.server, by=TESTER)


def not_cups(queue: Printer, hall: Printer) -> None:
    PrintServer.objects.update(user_name="", sealed_secret="")


def is_class(queue: Printer, hall: Printer) -> None:
    Printer.objects.filter(pk=queue.pk).update(is_class=True)


def missing(queue: Printer, hall: Printer) -> None:
    Printer.objects.filter(pk=queue.pk).update(missing_since=timezone.now())


def has_a_station(queue: Printer, hall: Printer) -> None:
    equipment.station(queue)


def is_a_device(queue: Printer, hall: Printer) -> None:
    other = equipment.printer(queue.server, "other", secure_since=timezone.now())
    other.devices.add(queue)


def is_secure(queue: Printer, hall: Printer) -> None:
    Printer.objects.filter(pk=queue.pk).update(secure_since=timezone.now())


@pytest.mark.parametrize(
    "unfit", [removed, paused, not_cups, is_class, missing, has_a_station, is_a_device, is_secure]
)
def test_a_queue_that_cannot_be_one_is_refused(
    unfit: Callable[[Printer, Printer], None], cups: PrivateCups, queue: Printer, hall: Printer
) -> None:
    unfit(queue, hall)

    with pytest.raises(QueueUnfit):
        set_up(printer_of(queue.server, "follow-me"), devices=[hall], stops_again=False, by=TESTER)

    assert state_of(cups, "follow-me") == PrinterState.IDLE
    assert not audited(queue)


@pytest.mark.parametrize(
    "column",
    [
        {"missing_since": timezone.now()},
        {"is_class": True},
        {"secure_since": timezone.now()},
        {"state": PrinterState.STOPPED},
    ],
)
def test_a_printer_that_cannot_print_what_is_released_is_refused(
    column: dict[str, object], cups: PrivateCups, queue: Printer, hall: Printer
) -> None:
    Printer.objects.filter(pk=hall.pk).update(**column)

    with pytest.raises(DevicesUnfit):
        set_up(queue, devices=[printer_of(hall.server, "hall")], stops_again=False, by=TESTER)

    assert state_of(cups, "follow-me") == PrinterState.IDLE
    assert untouched(queue)


def test_no_printer_itself_or_one_of_another_server_is_refused(
    cups: PrivateCups, contoso: Organization, queue: Printer
) -> None:
    elsewhere = equipment.printer(equipment.print_server(contoso))

    for devices in ([], [queue], [elsewhere]):
        with pytest.raises(DevicesUnfit):
            set_up(queue, devices=devices, stops_again=False, by=TESTER)

    assert untouched(queue)


def test_the_server_has_the_last_word(cups: PrivateCups, queue: Printer, hall: Printer) -> None:
    """The rows are as old as the last round."""
    cups.operate("Pause-Printer", queue="hall")
    with pytest.raises(DevicesUnfit):
        set_up(queue, devices=[hall], stops_again=False, by=TESTER)
    cups.operate("CUPS-Delete-Printer", queue="hall")
    with pytest.raises(DevicesUnfit):
        set_up(queue, devices=[hall], stops_again=False, by=TESTER)
    cups.operate("CUPS-Delete-Printer", queue="follow-me")
    with pytest.raises(SecureReleaseError):
        set_up(queue, devices=[hall], stops_again=False, by=TESTER)
    cups.add_queue("hall")
    cups.add_queue("follow-me")
    with pytest.raises(QueueUnfit):  # another queue of that name
        set_up(queue, devices=[hall], stops_again=False, by=TESTER)

    assert untouched(queue)


def test_a_wrong_login_and_a_server_that_is_off_are_told_in_words(
    own_cups: PrivateCups, contoso: Organization
) -> None:
    server = server_with_queues(contoso, own_cups)
    sealed = server.sealed_secret
    PrintServer.objects.update(sealed_secret=BOX.seal("wrong"))
    with pytest.raises(Forbidden):
        set_up(
            printer_of(server, "follow-me"), devices=[printer_of(server, "hall")], stops_again=True, by=TESTER
        )
    PrintServer.objects.update(sealed_secret=sealed)
    own_cups.stop()
    with pytest.raises(NotNow):
        set_up(
            printer_of(server, "follow-me"), devices=[printer_of(server, "hall")], stops_again=True, by=TESTER
        )

    assert untouched(printer_of(server, "follow-me"))


def test_it_waits_for_whoever_reads_the_server(
    cups: PrivateCups, queue: Printer, hall: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("printmgmt.printing.rounds.leases._LOOK_AGAIN", 0.01)
    monkeypatch.setattr("printmgmt.printing.rounds.leases.time.monotonic", iter(range(0, 10_000, 9)).__next__)
    with server_lease(queue.server), pytest.raises(NotNow):
        set_up(queue, devices=[hall], stops_again=False, by=TESTER)

    assert untouched(queue)


def test_if_it_cannot_be_recorded_the_queue_runs_again(
    cups: PrivateCups, queue: Printer, hall: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_on_server = Client.pause_queue

    def stop_and_remove(client: Client, name: str) -> None:
        stop_on_server(client, name)
        remove_server(queue.server, by=TESTER)

    monkeypatch.setattr(Client, "pause_queue", stop_and_remove)
    with pytest.raises(Exception, match="removed"):
        set_up(queue, devices=[hall], stops_again=False, by=TESTER)

    assert state_of(cups, "follow-me") == PrinterState.IDLE
    assert printer_of(queue.server, "follow-me").secure_since is None


def test_a_server_that_says_yes_and_does_nothing_is_found_out(
    cups: PrivateCups, queue: Printer, hall: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Client, "pause_queue", lambda client, name: None)

    with pytest.raises(NotStopped):
        set_up(queue, devices=[hall], stops_again=False, by=TESTER)

    assert untouched(queue)


def test_printers_are_changed(cups: PrivateCups, secure: Printer, hall: Printer, stairs: Printer) -> None:
    assert change(secure, devices=[stairs], stops_again=True, by=TESTER)
    assert not change(secure, devices=[stairs], stops_again=True, by=TESTER)

    row = printer_of(secure.server, "follow-me")
    assert (list(row.devices.all()), row.stops_again) == ([stairs], True)
    event = AuditEvent.objects.get(verb="secure-release.changed")
    assert event.details is not None
    assert (event.details["before"], event.details["devices"]) == (
        {"devices": ["hall"], "stops_again": False},
        ["stairs"],
    )


def test_a_printer_that_is_stopped_may_stay_and_none_such_is_added(
    secure: Printer, hall: Printer, stairs: Printer
) -> None:
    Printer.objects.filter(pk__in=[hall.pk, stairs.pk]).update(state=PrinterState.STOPPED)

    assert change(secure, devices=[hall], stops_again=True, by=TESTER)
    with pytest.raises(DevicesUnfit):
        change(secure, devices=[hall, printer_of(secure.server, "stairs")], stops_again=True, by=TESTER)
    with pytest.raises(DevicesUnfit):
        change(secure, devices=[], stops_again=True, by=TESTER)

    assert list(secure.devices.all()) == [hall]


def test_what_was_ended_in_the_meantime_is_not_changed(queue: Printer, hall: Printer) -> None:
    with pytest.raises(NotSecure):
        change(queue, devices=[hall], stops_again=True, by=TESTER)
    with pytest.raises(NotSecure):
        stop_again(queue, by=TESTER)


def test_somebody_stops_it_again(cups: PrivateCups, secure: Printer) -> None:
    cups.operate("Resume-Printer", queue="follow-me")
    read_now(secure.server)
    assert printer_of(secure.server, "follow-me").state == PrinterState.IDLE

    stop_again(printer_of(secure.server, "follow-me"), by=TESTER)

    assert state_of(cups, "follow-me") == PrinterState.STOPPED
    assert audited(secure)[-1] == "secure-release.stopped-again"
    assert timezone.now() - timedelta(minutes=1) < printer_of(secure.server, "follow-me").last_seen_at  # type: ignore[operator]


def test_a_request_that_fails_on_the_way_leaves_it_as_it_was(
    cups: PrivateCups, secure: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(client: Client, name: str) -> None:
        raise Forbidden

    monkeypatch.setattr(Client, "pause_queue", refuse)
    with pytest.raises(IppError):
        stop_again(secure, by=TESTER)

    assert audited(secure) == ["secure-release.set-up"]
