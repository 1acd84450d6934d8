"""The queues of a real CUPS server as rows."""

import pytest

from demo.cupsd import PrivateCups
from printmgmt.printing.models import Printer, PrinterState, PrintServer
from printmgmt.printing.servers.pausing import remove_server
from tests import factories
from tests.printmgmt.printing.rounds.conftest import Adds, Read


@pytest.mark.both_databases
def test_queues_are_seen_with_their_state_in_the_servers_words(
    cups: PrivateCups, server: PrintServer, read: Read
) -> None:
    cups.add_queue("front")
    cups.add_queue("held", stopped=True, attributes=["keyword job-hold-until-default indefinite"])
    cups.add_queue("closed", accepting=False, attributes=["name printer-op-policy authenticated"])

    read(server)

    front, held, closed = (server.printers.get(name=name) for name in ("front", "held", "closed"))
    assert (front.state, front.accepting, front.missing_since) == (PrinterState.IDLE, True, None)
    assert front.uri.endswith("/printers/front")
    assert front.last_seen_at is not None
    assert (held.state, held.state_reasons, held.hold_default) == (
        PrinterState.STOPPED,
        ["paused"],
        "indefinite",
    )
    assert (closed.accepting, closed.op_policy) == (False, "authenticated")


def test_hold_new_jobs_is_a_reason_of_the_state(cups: PrivateCups, server: PrintServer, read: Read) -> None:
    queue = cups.add_queue("front")
    cups.operate("Hold-New-Jobs", queue=queue)

    read(server)

    assert "hold-new-jobs" in server.printers.get().state_reasons


def test_a_queue_that_is_gone_is_missing_and_can_come_back(
    cups: PrivateCups, server: PrintServer, read: Read
) -> None:
    for name in ("front", "back"):
        cups.add_queue(name)
    read(server)
    front = server.printers.get(name="front")
    cups.operate("CUPS-Delete-Printer", queue="front")
    read(server)

    gone = server.printers.get(name="front")
    assert gone.missing_since is not None
    assert server.printers.get(name="back").missing_since is None

    since = gone.missing_since
    read(server)
    assert server.printers.get(name="front").missing_since == since

    cups.add_queue("front")
    read(server)
    again = server.printers.get(name="front")
    assert (again.pk, again.missing_since) == (front.pk, None)
    assert again.uuid != front.uuid


def test_a_queue_under_another_name_keeps_its_row(cups: PrivateCups, server: PrintServer, read: Read) -> None:
    cups.add_queue("front")
    read(server)
    # CUPS itself has no way to rename a queue: as if it had been another name when it was seen.
    row = server.printers.get()
    Printer.objects.update(name="lobby")

    read(server)

    assert server.printers.get().pk == row.pk
    assert server.printers.get().name == "front"


def test_a_job_in_a_queue_that_was_not_seen_yet_brings_its_queue(
    cups: PrivateCups, server: PrintServer, read: Read
) -> None:
    read(server)
    queue = cups.add_queue("front", stopped=True)
    cups.submit(queue, "ada")

    read(server, whole=False)

    printer = server.jobs.get().printer
    assert printer is not None
    assert (printer.name, printer.state) == ("front", PrinterState.STOPPED)


def test_a_server_without_queues_has_none(cups: PrivateCups, server: PrintServer, read: Read) -> None:
    after = read(server)

    assert not server.printers.exists()
    assert (after.problem, after.round.queues_read_at) == ("", after.last_seen_at)


def test_a_server_that_was_removed_and_comes_back_has_its_queues_and_jobs_again(
    cups: PrivateCups, server: PrintServer, added: Adds, read: Read
) -> None:
    queue = cups.add_queue("front", stopped=True)
    cups.submit(queue, "ada")
    read(server)
    remove_server(server, by=factories.TESTER)
    assert server.jobs.get().gone_at is not None

    again = added(server.organization, cups)
    read(again)

    assert again.pk == server.pk
    assert server.printers.get().missing_since is None
    assert server.jobs.get().gone_at is None
