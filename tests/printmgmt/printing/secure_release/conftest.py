"""A print server of Contoso with a queue that becomes a secure release queue, and two printers."""

from collections.abc import Callable

import pytest

from demo.cupsd import OPERATOR, STUCK_DEVICE, PrivateCups
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser
from printmgmt.printing.models import Printer, PrintServer
from printmgmt.printing.rounds.kind import Rounds
from printmgmt.printing.secure_release.setting_up import set_up
from printmgmt.printing.servers.adding import add_server, order_round
from printmgmt.work.runner import perform_due
from tests import factories
from tests.factories import TESTER

Read = Callable[[PrintServer], None]


@pytest.fixture
def contoso(db: None) -> Organization:
    return factories.organization("Contoso")


@pytest.fixture
def ada(contoso: Organization) -> PrintUser:
    return factories.person(contoso, "ada@contoso.example")


def server_with_queues(contoso: Organization, cups: PrivateCups) -> PrintServer:
    """A server that was added and read, with the queues follow-me, hall and stairs, all of them running."""
    for name in ("follow-me", "stairs"):
        cups.add_queue(name)
    cups.add_queue("hall", device=STUCK_DEVICE)
    server = add_server(
        contoso, address=cups.uri, user_name=OPERATOR, password=cups.passwords[OPERATOR], by=TESTER
    )
    read_now(server)
    return server


def read_now(server: PrintServer) -> None:
    """One round, with queues."""
    order_round(server)
    perform_due(Rounds(), str(server.round.pk))


@pytest.fixture
def server(contoso: Organization, cups: PrivateCups) -> PrintServer:
    return server_with_queues(contoso, cups)


@pytest.fixture
def queue(server: PrintServer) -> Printer:
    """The queue follow-me, which prints by itself so far."""
    return printer_of(server, "follow-me")


@pytest.fixture
def hall(server: PrintServer) -> Printer:
    """A printer that never finishes: what it prints stays to be seen."""
    return printer_of(server, "hall")


@pytest.fixture
def stairs(server: PrintServer) -> Printer:
    return printer_of(server, "stairs")


@pytest.fixture
def secure(queue: Printer, hall: Printer) -> Printer:
    """The queue follow-me as a secure release queue, released at the hall's printer."""
    set_up(queue, devices=[hall], stops_again=False, by=TESTER)
    return printer_of(queue.server, queue.name)


def printer_of(server: PrintServer, name: str) -> Printer:
    return Printer.objects.select_related("server__organization", "organization").get(
        server=server, name=name
    )
