"""What goes wrong with secure release queues is noticed by rounds, said in a code, and mailed once."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from demo.cupsd import OPERATOR, PrivateCups
from printmgmt.audit.models import AuditEvent
from printmgmt.organizations.models import Organization
from printmgmt.printing.ipp.client import Client
from printmgmt.printing.ipp.errors import NotNow
from printmgmt.printing.models import HoldProblem, JobState, Printer, PrinterState, PrintServer, ServerRound
from printmgmt.printing.rounds.kind import Rounds
from printmgmt.printing.secure_release.checking import check_release_queues
from printmgmt.printing.secure_release.ending import Then, end
from printmgmt.printing.secure_release.problems import problems_of
from printmgmt.printing.secure_release.setting_up import set_up, stop_again
from printmgmt.printing.servers.findings.holds import BLOCK
from printmgmt.printing.servers.pausing import pause_server, resume_server
from printmgmt.printing.servers.probe.probing import probe_server
from printmgmt.services.process import wait_until
from printmgmt.work.runner import perform_due
from tests.due import outbox
from tests.factories import TESTER
from tests.printmgmt.printing import equipment
from tests.printmgmt.printing.secure_release.conftest import printer_of, read_now, server_with_queues
from tests.printmgmt.printing.secure_release.test_setting_up import move, state_of


def problem_of(queue: Printer) -> str:
    check_release_queues(queue.server)
    row = Printer.objects.get(pk=queue.pk)
    assert bool(row.hold_problem) == (row.hold_problem_since is not None)
    return row.hold_problem


def verbs() -> list[str]:
    return list(
        AuditEvent.objects.filter(verb__startswith="secure-release.")
        .order_by("id")
        .values_list("verb", flat=True)
    )


def subjects() -> list[str]:
    """The subjects of all mails about the queue so far."""
    return [sent.subject for sent in outbox() if "follow-me" in sent.subject]


# Who gets around it


def test_under_the_stock_policy_an_owner_moves_a_job_out_and_that_is_said(
    cups: PrivateCups, secure: Printer
) -> None:
    assert problem_of(secure) == HoldProblem.UNTESTED
    number = cups.submit("follow-me", "ada")
    assert move(cups, number, "hall", user="ada")
    assert cups.job(number)["job-printer-uri"].endswith("/printers/hall")

    probe_server(secure.server, by=TESTER)

    assert problem_of(secure) == HoldProblem.BYPASS


def test_with_the_block_nobody_moves_a_job_out(cups: PrivateCups, secure: Printer) -> None:
    cups.policy(BLOCK)
    number = cups.submit("follow-me", "ada")
    for who in ({"user": "ada"}, {"user": "operator"}, {"user": "root"}, {"login": "alice"}):
        assert not move(cups, number, "hall", **who)
    assert cups.job(number)["job-printer-uri"].endswith("/printers/follow-me")

    probe_server(secure.server, by=TESTER)

    assert problem_of(secure) == ""


def test_what_was_released_once_is_printed_again_by_its_owner_unless_the_block_is_there(
    cups: PrivateCups, secure: Printer, stairs: Printer
) -> None:
    number = cups.submit("follow-me", "ada")
    assert move(cups, number, "stairs", login=OPERATOR)  # a release
    assert wait_until(lambda: cups.job(number)["job-state"] == JobState.COMPLETED, timeout=60)

    assert cups.ipptool("Restart-Job", job=number, user="ada").is_ok
    assert wait_until(lambda: cups.job(number)["job-state"] == JobState.COMPLETED, timeout=60)

    cups.policy(BLOCK)
    assert not cups.ipptool("Restart-Job", job=number, user="ada").is_ok


# Behind our back


@pytest.fixture
def safe(cups: PrivateCups, secure: Printer) -> Printer:
    """The queue where nobody gets around it."""
    cups.policy(BLOCK)
    probe_server(secure.server, by=TESTER)
    assert problem_of(secure) == ""
    return printer_of(secure.server, secure.name)


def test_a_queue_that_somebody_resumed_is_noticed_in_the_next_round_and_mailed_once(
    cups: PrivateCups, safe: Printer
) -> None:
    cups.operate("Resume-Printer", queue="follow-me")
    read_now(safe.server)

    assert problem_of(safe) == HoldProblem.RESUMED
    assert problem_of(safe) == HoldProblem.RESUMED
    read_now(safe.server)
    assert problem_of(safe) == HoldProblem.RESUMED

    assert verbs() == ["secure-release.set-up", "secure-release.resumed"]
    assert subjects() == ["Contoso: follow-me prints without release"]
    assert f"/printers/{safe.pk}/secure-release/" in outbox()[-1].body

    stop_again(printer_of(safe.server, safe.name), by=TESTER)
    assert problem_of(safe) == ""
    cups.operate("Resume-Printer", queue="follow-me")
    read_now(safe.server)
    assert problem_of(safe) == HoldProblem.RESUMED
    assert len(subjects()) == 2


def test_the_round_itself_stops_it_again_where_that_was_chosen(cups: PrivateCups, safe: Printer) -> None:
    Printer.objects.filter(pk=safe.pk).update(stops_again=True)
    for _ in range(2):
        cups.operate("Resume-Printer", queue="follow-me")
        read_now(safe.server)
        assert state_of(cups, "follow-me") == PrinterState.STOPPED

    assert problem_of(safe) == ""
    assert verbs() == ["secure-release.set-up", *["secure-release.stopped-again"] * 2]
    assert subjects() == ["Contoso: follow-me was resumed, and stopped again"]  # at most one a day


def test_if_it_cannot_be_stopped_again_that_is_a_problem_and_the_next_round_tries_again(
    cups: PrivateCups, safe: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    Printer.objects.filter(pk=safe.pk).update(stops_again=True)
    cups.operate("Resume-Printer", queue="follow-me")

    def refuse(client: Client, name: str) -> None:
        raise NotNow

    with monkeypatch.context() as patch:
        patch.setattr(Client, "pause_queue", refuse)
        read_now(safe.server)
    assert PrintServer.objects.get().problem == ""
    assert problem_of(safe) == HoldProblem.RESUMED

    read_now(safe.server)
    assert problem_of(safe) == ""


def test_a_mail_about_a_queue_that_is_stopped_by_now_is_not_sent(cups: PrivateCups, safe: Printer) -> None:
    cups.operate("Resume-Printer", queue="follow-me")
    read_now(safe.server)
    stop_again(printer_of(safe.server, safe.name), by=TESTER)
    assert subjects() == []

    cups.operate("Resume-Printer", queue="follow-me")
    read_now(safe.server)
    end(printer_of(safe.server, safe.name), then=Then.PRINT, by=TESTER)
    assert subjects() == []


def test_a_queue_that_was_deleted_is_noticed(cups: PrivateCups, safe: Printer) -> None:
    cups.operate("CUPS-Delete-Printer", queue="follow-me")
    read_now(safe.server)
    assert problem_of(safe) == HoldProblem.MISSING


def test_a_queue_that_was_created_anew_prints_and_is_noticed(cups: PrivateCups, safe: Printer) -> None:
    cups.operate("CUPS-Delete-Printer", queue="follow-me")
    cups.add_queue("follow-me")
    read_now(safe.server)

    assert problem_of(safe) == HoldProblem.RESUMED


def test_a_printer_that_was_deleted_or_stopped_is_noticed(
    cups: PrivateCups, safe: Printer, hall: Printer
) -> None:
    cups.operate("Pause-Printer", queue="hall")
    read_now(safe.server)
    assert problem_of(safe) == HoldProblem.DEVICE_STOPPED

    cups.operate("CUPS-Delete-Printer", queue="hall")
    read_now(safe.server)
    assert problem_of(safe) == HoldProblem.DEVICE_MISSING


def test_a_printer_that_rejects_jobs_is_none(cups: PrivateCups, safe: Printer) -> None:
    cups.operate("CUPS-Reject-Jobs", queue="hall")
    read_now(safe.server)

    assert problem_of(safe) == ""


def test_a_server_set_up_anew_keeps_its_queues_stopped(own_cups: PrivateCups, contoso: Organization) -> None:
    own_cups.policy(BLOCK)
    server = server_with_queues(contoso, own_cups)
    secure = printer_of(server, "follow-me")
    set_up(secure, devices=[printer_of(server, "hall")], stops_again=False, by=TESTER)
    probe_server(server, by=TESTER)
    own_cups.submit("follow-me", "ada")
    read_now(server)

    own_cups.rebuild()
    read_now(server)

    assert problem_of(secure) == ""
    number = own_cups.submit("follow-me", "ada", options=["job-hold-until=no-hold"])
    assert own_cups.job(number)["job-state"] == 3


def test_while_the_server_cannot_be_read_nobody_knows(own_cups: PrivateCups, contoso: Organization) -> None:
    own_cups.policy(BLOCK)
    server = server_with_queues(contoso, own_cups)
    secure = printer_of(server, "follow-me")
    set_up(secure, devices=[printer_of(server, "hall")], stops_again=False, by=TESTER)
    probe_server(server, by=TESTER)
    own_cups.stop()
    read_now(server)
    assert problem_of(secure) == HoldProblem.UNREAD

    own_cups.start()
    read_now(server)
    assert problem_of(secure) == ""
    pause_server(server, by=TESTER)
    assert problem_of(secure) == HoldProblem.UNREAD
    resume_server(server, by=TESTER)
    assert problem_of(secure) == ""


def test_queues_of_a_server_with_secure_release_are_read_in_every_round(
    cups: PrivateCups, safe: Printer
) -> None:
    cups.operate("Resume-Printer", queue="follow-me")
    now = timezone.now()
    ServerRound.objects.update(due_at=now, queues_due_at=now + timedelta(hours=1))

    perform_due(Rounds())

    assert problem_of(safe) == HoldProblem.RESUMED


# From rows alone


Columns = Mapping[str, Any]


@pytest.mark.parametrize(
    ("columns", "problem"),
    [
        ({"state": PrinterState.IDLE}, HoldProblem.RESUMED),
        ({"state": PrinterState.PROCESSING}, HoldProblem.RESUMED),
        ({"state": None}, HoldProblem.RESUMED),
        ({"missing_since": timezone.now(), "state": PrinterState.IDLE}, HoldProblem.MISSING),
        ({"is_class": True, "state": PrinterState.IDLE}, HoldProblem.CLASS),
    ],
)
def test_the_most_urgent_problem_comes_first(
    columns: Columns, problem: HoldProblem, contoso: Organization
) -> None:
    server = equipment.print_server(contoso, offline_since=timezone.now(), problem="offline")
    secured = equipment.secure_queue(server, **columns)

    found = problems_of(secured, [])

    assert found[0] == problem
    assert problem == HoldProblem.MISSING or found[1:] == [
        HoldProblem.UNREAD,
        HoldProblem.DEVICE_MISSING,
        HoldProblem.UNTESTED,
    ]


@pytest.mark.parametrize("queues", [3, 300])
def test_checking_takes_three_statements_and_one_where_there_is_nothing(
    queues: int, contoso: Organization, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    server = equipment.print_server(contoso)
    with django_assert_num_queries(1):
        check_release_queues(server)
    device = equipment.printer(server, state=PrinterState.IDLE)
    for _ in range(queues):
        equipment.secure_queue(
            server,
            devices=[device],
            state=PrinterState.STOPPED,
            hold_problem=HoldProblem.UNTESTED,
            hold_problem_since=timezone.now(),
        )

    with django_assert_num_queries(3):
        assert check_release_queues(server) == 0


def test_a_removed_servers_queues_are_left_alone(contoso: Organization) -> None:
    server = equipment.print_server(contoso, removed_at=timezone.now())
    equipment.secure_queue(server, missing_since=timezone.now())

    assert check_release_queues(server) == 0
