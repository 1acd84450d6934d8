"""At which printers a job may be released, in the console and at a station."""

import pytest
from django.utils import timezone

from printmgmt.organizations.models import Organization
from printmgmt.printing.models import Printer, PrinterState
from printmgmt.printing.secure_release.devices import check_device, devices_for, possible_devices
from printmgmt.printing.secure_release.errors import DevicesUnfit
from tests.printmgmt.printing import equipment


@pytest.fixture
def hall(contoso: Organization) -> Printer:
    server = equipment.print_server(contoso)
    return equipment.printer(server, "hall", state=PrinterState.IDLE, location="Ground floor")


@pytest.fixture
def stairs(hall: Printer) -> Printer:
    return equipment.printer(hall.server, "stairs", state=PrinterState.IDLE)


def test_a_job_of_any_other_queue_is_released_in_place(hall: Printer, stairs: Printer) -> None:
    job = equipment.print_job(hall)

    assert devices_for(job) == []
    check_device(job, stairs)
    job.printer = None
    assert devices_for(job) == []
    check_device(job, stairs)


def test_a_job_of_a_secure_release_queue_is_released_at_its_printers(hall: Printer, stairs: Printer) -> None:
    queue = equipment.secure_queue(hall.server, "follow-me", devices=[stairs, hall])
    job = equipment.print_job(queue)
    other = equipment.printer(hall.server)

    assert devices_for(job) == [hall, stairs]
    check_device(job, hall)
    with pytest.raises(DevicesUnfit) as refused:
        check_device(job, other)
    assert (
        str(refused.value) == "Jobs of the queue follow-me can be released at: hall (Ground floor) or stairs."
    )

    Printer.objects.update(missing_since=timezone.now())
    assert devices_for(job) == []
    with pytest.raises(DevicesUnfit, match="no printer left"):
        check_device(job, hall)


def test_what_may_be_chosen_prints_and_is_on_the_same_server(
    contoso: Organization, hall: Printer, stairs: Printer
) -> None:
    server = hall.server
    queue = equipment.secure_queue(server, "follow-me", devices=[])
    for columns in (
        {"state": PrinterState.STOPPED},
        {"state": None},
        {"state": PrinterState.IDLE, "is_class": True},
        {"state": PrinterState.IDLE, "missing_since": timezone.now()},
        {"state": PrinterState.IDLE, "secure_since": timezone.now()},
    ):
        equipment.printer(server, **columns)
    equipment.printer(equipment.print_server(contoso), state=PrinterState.IDLE)

    assert list(possible_devices(queue)) == [hall, stairs]

    Printer.objects.filter(pk=hall.pk).update(state=PrinterState.STOPPED)
    queue.devices.add(hall)
    assert list(possible_devices(queue)) == [hall, stairs]
