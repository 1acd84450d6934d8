"""Servers that hang delay no other, and one worker at a time is at a server."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from demo.cupsd import OPERATOR, PrivateCups
from printmgmt.organizations.models import Organization
from printmgmt.printing.ipp.errors import NotNow
from printmgmt.printing.models import PrintServer, ServerRound
from printmgmt.printing.rounds.kind import Rounds
from printmgmt.printing.rounds.leases import server_lease
from printmgmt.printing.rounds.threads import Threads
from printmgmt.printing.servers.adding import order_round
from printmgmt.printing.servers.connecting import BOX
from printmgmt.services.process import wait_until
from printmgmt.work.claims import LeaseLost
from printmgmt.work.runner import perform_due
from tests import factories
from tests.conftest import Worker
from tests.printmgmt.printing.rounds.conftest import Adds, Read

HANGING = 5


@pytest.fixture
def hanging() -> Iterator[list[int]]:
    """Ports that take connections and never answer."""
    listening = [socket.create_server(("127.0.0.1", 0), backlog=50) for _port in range(HANGING)]
    yield [each.getsockname()[1] for each in listening]
    for each in listening:
        each.close()
    # What waited for them ends now; it must not come back to another test's database.
    assert wait_until(
        lambda: not any(each.name.startswith("round ") for each in threading.enumerate()), timeout=60
    )


def server_at(of: Organization, port: int) -> ServerRound:
    server = PrintServer.objects.create(
        organization=of,
        name=str(port),
        uri=f"ipp://127.0.0.1:{port}/",
        address_key=f"127.0.0.1:{port}",
        user_name=OPERATOR,
        sealed_secret=BOX.seal("secret"),
    )
    return ServerRound.objects.create(organization=of, server=server)


@pytest.mark.django_db(transaction=True)
def test_servers_that_hang_delay_no_other(own_cups: PrivateCups, hanging: list[int], added: Adds) -> None:
    contoso = factories.organization("Contoso")
    stuck = [server_at(contoso, port).pk for port in hanging]
    own_cups.submit(own_cups.add_queue("front", stopped=True), "ada")
    server = added(contoso, own_cups)
    threads = Threads(Rounds())

    for _minute in range(3):
        seen_at = PrintServer.objects.get(pk=server.pk).last_seen_at
        order_round(server)
        threads.start_due()
        assert wait_until(
            lambda before=seen_at: PrintServer.objects.get(pk=server.pk).last_seen_at != before, timeout=60
        )
        # The others are still waiting for an answer.
        assert ServerRound.objects.filter(pk__in=stuck).exclude(lease_owner="").count() == HANGING

    assert server.jobs.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_process_reads_only_so_many_servers_at_once(hanging: list[int]) -> None:
    contoso = factories.organization("Contoso")
    rounds = [server_at(contoso, port) for port in hanging]
    threads = Threads(Rounds(), most=2)
    threads.start_due()
    threads.start_due()
    threads.start_one(str(rounds[0].pk))

    def at_work() -> int:
        return ServerRound.objects.exclude(lease_owner="").count()

    assert wait_until(lambda: at_work() == 2, timeout=60)
    assert at_work() == 2


@pytest.mark.both_databases
def test_a_worker_reads_servers_without_being_asked(
    worker: Worker, own_cups: PrivateCups, added: Adds
) -> None:
    own_cups.submit(own_cups.add_queue("front", stopped=True), "ada")

    server = added(factories.organization("Contoso"), own_cups)

    assert wait_until(server.jobs.exists, timeout=60), worker.text()[-4000:]


def test_a_round_waits_for_whoever_changes_the_server(
    cups: PrivateCups, server: PrintServer, read: Read
) -> None:
    read(server)
    with server_lease(server) as lease:
        order_round(server)
        assert perform_due(Rounds(), str(server.round.pk)) == 0
        lease.renew()
        with pytest.raises(NotNow), server_lease(server, wait=0.1):
            pass
    assert perform_due(Rounds(), str(server.round.pk)) == 1
    with server_lease(server):
        pass


def test_a_lease_is_free_again_after_an_error(server: PrintServer) -> None:
    with pytest.raises(ZeroDivisionError), server_lease(server):
        1 / 0  # noqa: B018
    with server_lease(server, wait=0):
        pass


def test_a_lease_that_ran_out_belongs_to_whoever_took_it(server: PrintServer) -> None:
    with server_lease(server) as first:
        ServerRound.objects.update(lease_owner="another")
        with pytest.raises(LeaseLost):
            first.renew()
    assert ServerRound.objects.get().lease_owner == "another"


def test_organizations_that_share_a_server_share_its_lease(
    cups: PrivateCups, server: PrintServer, added: Adds
) -> None:
    theirs = added(factories.organization("Fabrikam"), cups)

    for one, other in ((server, theirs), (theirs, server)):
        with server_lease(one), pytest.raises(NotNow), server_lease(other, wait=0.1):
            pass


@pytest.mark.django_db(transaction=True)
def test_two_who_change_a_server_take_turns(cups: PrivateCups, added: Adds) -> None:
    server = added(factories.organization("Contoso"), cups)
    numbers: list[int] = []

    def change() -> None:
        from django.db import connection  # noqa: PLC0415

        with closing(connection), server_lease(server, wait=30):
            numbers.append(len(numbers))
            seen = len(numbers)
            threading.Event().wait(0.05)
            assert seen == len(numbers)

    running = [threading.Thread(target=change) for _each in range(4)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    assert numbers == [0, 1, 2, 3]
