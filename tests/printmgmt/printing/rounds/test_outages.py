"""Servers that are away, refuse us or make no sense: noted, tried again where that helps, mailed once."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from demo.cupsd import OPERATOR, PrivateCups
from printmgmt.mail.models import Mail
from printmgmt.organizations.models import Organization
from printmgmt.printing.ipp import errors
from printmgmt.printing.models import PrintServer, ServerProblem, ServerRound
from printmgmt.printing.rounds import kind
from printmgmt.printing.rounds.kind import Rounds
from printmgmt.printing.rounds.outages import mail_outages
from printmgmt.printing.rounds.problems import problem_of
from printmgmt.printing.servers import connecting
from printmgmt.printing.servers.adding import order_round
from printmgmt.printing.servers.pausing import pause_server, resume_server
from printmgmt.work.runner import perform_due
from tests import factories
from tests.due import outbox
from tests.printmgmt.printing.rounds.conftest import Adds, Read

MINUTES = timedelta(minutes=1)


@pytest.fixture
def server(contoso: Organization, own_cups: PrivateCups, added: Adds) -> PrintServer:
    return added(contoso, own_cups)


def test_a_server_that_is_away_is_tried_again_and_keeps_what_was_seen(
    own_cups: PrivateCups, server: PrintServer, read: Read
) -> None:
    queue = own_cups.add_queue("front", stopped=True)
    own_cups.submit(queue, "ada")
    seen_at = read(server).last_seen_at
    own_cups.stop()

    away = read(server)

    assert (away.problem, away.last_seen_at) == (ServerProblem.OFFLINE, seen_at)
    assert away.offline_since is not None
    assert away.round.error == "offline"
    assert server.jobs.get().gone_at is None
    assert server.printers.get().missing_since is None
    assert timezone.now() < away.round.due_at <= timezone.now() + timedelta(seconds=5)

    for attempts in (1, 5, 500):
        ServerRound.objects.update(due_at=timezone.now(), attempts=attempts)
        perform_due(Rounds())
        wait = ServerRound.objects.get().due_at - timezone.now()
        assert wait <= timedelta(seconds=settings.PRINT_JOBS_SECONDS)
    assert read(server).offline_since == away.offline_since

    own_cups.start()
    back = read(server)
    assert (back.problem, back.offline_since, back.round.error, back.round.attempts) == ("", None, "", 0)
    assert back.round.due_at > timezone.now() + timedelta(seconds=settings.PRINT_JOBS_SECONDS - 20)


def test_a_login_that_is_refused_is_not_sent_again_until_somebody_asks(
    own_cups: PrivateCups, server: PrintServer, read: Read
) -> None:
    read(server)
    own_cups.add_user(OPERATOR, "Another-pass2", operator=True)

    refused = read(server)

    assert refused.problem == ServerProblem.WRONG_LOGIN
    assert refused.round.stopped_at is not None
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert perform_due(Rounds()) == perform_due(Rounds(), str(refused.round.pk)) == 0

    order_round(server)  # Refresh, or another login
    assert perform_due(Rounds()) == 1
    assert PrintServer.objects.get().problem == ServerProblem.WRONG_LOGIN

    server.sealed_secret = connecting.BOX.seal("Another-pass2")
    server.save()
    order_round(server)
    perform_due(Rounds())
    assert PrintServer.objects.get().problem == ""
    assert ServerRound.objects.get().stopped_at is None


def test_an_account_that_is_no_operator_any_more_is_forbidden(
    own_cups: PrivateCups, server: PrintServer, read: Read
) -> None:
    PrintServer.objects.update(
        user_name="alice", sealed_secret=connecting.BOX.seal(own_cups.passwords["alice"])
    )

    refused = read(server)

    assert refused.problem == ServerProblem.FORBIDDEN
    assert refused.round.stopped_at is not None


def test_a_paused_server_is_not_read(server: PrintServer) -> None:
    pause_server(server, by=factories.TESTER)
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert perform_due(Rounds()) == 0

    resume_server(server, by=factories.TESTER)
    assert perform_due(Rounds()) == 1


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (errors.NotNow(), "offline"),
        (errors.WrongLogin(), "wrong-login"),
        (errors.Forbidden(), "forbidden"),
        (connecting.AddressBlocked(), "blocked"),
        (connecting.PasswordLost(), "password-lost"),
        (errors.UntrustedCertificate(), "certificate"),
        (errors.UnsafeConnection(), "unsafe"),
        (errors.UnknownName(), "unknown-name"),
        (errors.Refused(), "refused"),
        (errors.NotSupported(), "not-supported"),
        (errors.BadAnswer(), "bad-answer"),
        (errors.IppError(), "refused"),
    ],
)
def test_every_error_is_a_problem_of_a_kind(error: errors.IppError, problem: str) -> None:
    assert problem_of(error) == problem


def test_a_round_that_crashes_goes_on_slowly(
    server: PrintServer, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(kind, "client_for", broken)
    for _round in range(8):
        ServerRound.objects.update(due_at=timezone.now())
        assert perform_due(Rounds()) == 1

    row = ServerRound.objects.get()
    assert PrintServer.objects.get().problem == ServerProblem.CRASHED
    assert row.stopped_at is None
    assert row.due_at <= timezone.now() + timedelta(seconds=settings.PRINT_JOBS_SECONDS)


def test_an_outage_is_mailed_once_after_fifteen_minutes_and_so_is_its_end(
    own_cups: PrivateCups, server: PrintServer, read: Read
) -> None:
    read(server)
    own_cups.stop()
    read(server)
    began = timezone.now()
    with time_machine.travel(began + 14 * MINUTES):
        assert mail_outages() == 0
    with time_machine.travel(began + 16 * MINUTES):
        assert [mail_outages(), mail_outages()] == [1, 0]
        [mail] = outbox()
        read(server)
        assert mail_outages() == 0
    assert mail.subject == "Contoso: the print server Hall cannot be read"
    assert "The server cannot be reached." in mail.body
    assert "Check that the server runs" in mail.body
    assert f"{settings.PUBLIC_URL}/o/contoso/print-servers/{server.pk}/" in mail.body

    own_cups.start()
    read(server)
    assert [mail.subject for mail in outbox()][1:] == ["Contoso: the print server Hall is back"]

    read(server)
    own_cups.stop()
    read(server)
    with time_machine.travel(timezone.now() + 16 * MINUTES):
        assert mail_outages() == 1
        assert len(outbox()) == 3


def test_a_short_outage_is_not_mailed_nor_is_its_end(
    own_cups: PrivateCups, server: PrintServer, read: Read
) -> None:
    own_cups.stop()
    read(server)
    own_cups.start()
    read(server)
    with time_machine.travel(timezone.now() + 60 * MINUTES):
        assert mail_outages() == 0
    assert not Mail.objects.exists()


def test_an_outage_that_is_over_before_the_mail_is_sent_worries_nobody(
    own_cups: PrivateCups, server: PrintServer, read: Read
) -> None:
    own_cups.stop()
    read(server)
    with time_machine.travel(timezone.now() + 16 * MINUTES):
        mail_outages()
        pause_server(server, by=factories.TESTER)
        assert outbox() == []


def test_a_server_that_was_paused_or_removed_is_no_outage(
    own_cups: PrivateCups, server: PrintServer, read: Read
) -> None:
    own_cups.stop()
    read(server)
    pause_server(server, by=factories.TESTER)
    with time_machine.travel(timezone.now() + 60 * MINUTES):
        assert mail_outages() == 0


def test_nothing_secret_stands_in_what_is_kept_of_a_failure(
    own_cups: PrivateCups, server: PrintServer, read: Read, caplog: pytest.LogCaptureFixture
) -> None:
    own_cups.add_user(OPERATOR, "Another-pass2", operator=True)
    password = connecting.BOX.open(server.sealed_secret)
    read(server)

    assert password not in caplog.text
    assert ServerRound.objects.get().error == "wrong-login"
