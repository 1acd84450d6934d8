"""When secure release is checked: with each round of a server, and not by each worker process again."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from printmgmt.organizations.models import Organization
from printmgmt.printing.models import HoldProblem, Printer, PrinterState, PrintServer, ServerRound
from printmgmt.printing.rounds.kind import Rounds
from printmgmt.printing.servers.pausing import pause_server, resume_server
from printmgmt.work.runner import perform_due
from tests.due import sweep_all
from tests.factories import TESTER
from tests.printmgmt.printing import equipment
from tests.printmgmt.printing.bad_servers import offline_server

LATER = timedelta(hours=1)


@pytest.fixture
def secure(contoso: Organization) -> Iterator[Printer]:
    """A secure release queue that nothing has checked yet, on a server that cannot be reached."""
    with offline_server() as away:
        server = equipment.print_server(contoso, uri=away.uri)
        ServerRound.objects.create(organization=contoso, server=server, due_at=timezone.now() + LATER)
        yield equipment.secure_queue(server, devices=[equipment.printer(server, state=PrinterState.IDLE)])


@contextmanager
def checks() -> Iterator[list[str]]:
    """The statements that looked for secure release queues to check."""
    found: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield found
    looked = 'WHERE ("printing_printer"."secure_since" IS NOT NULL'
    found += [query["sql"] for query in captured if looked in query["sql"]]


def problem(of: Printer) -> str:
    return Printer.objects.get(pk=of.pk).hold_problem


def test_workers_that_sweep_check_nothing_by_themselves(secure: Printer) -> None:
    with checks() as counted:
        for _ in range(3):
            sweep_all()

    assert counted == []


def test_each_round_checks_its_own_server_once(secure: Printer, contoso: Organization) -> None:
    other = equipment.secure_queue(equipment.print_server(contoso))
    ServerRound.objects.filter(server=secure.server).update(due_at=timezone.now())

    with checks() as counted:
        rounds = sum(perform_due(Rounds()) for _worker in range(3))

    assert rounds == 1
    assert len(counted) == 1
    assert problem(secure) == HoldProblem.UNREAD
    assert problem(other) == ""


def test_a_round_that_crashed_before_its_end_was_written_has_noted_nothing(
    secure: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The problem and the end of the round are one transaction: neither is lost without the other."""
    ServerRound.objects.filter(server=secure.server).update(due_at=timezone.now())

    def die(claim: object, **columns: object) -> None:
        raise SystemExit

    monkeypatch.setattr("printmgmt.work.claims.Claim.release", die)
    with pytest.raises(SystemExit):
        perform_due(Rounds())

    assert problem(secure) == ""
    assert PrintServer.objects.get().problem == ""


def test_a_pause_is_a_problem_at_once_and_its_end_none(secure: Printer) -> None:
    pause_server(secure.server, by=TESTER)
    assert problem(secure) == HoldProblem.UNREAD

    resume_server(secure.server, by=TESTER)
    assert problem(secure) == HoldProblem.UNTESTED
