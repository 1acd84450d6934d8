"""A round that is ordered while another one is under way: by *Refresh*, or with another login."""

import json
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from demo.cupsd import OPERATOR, PrivateCups
from printmgmt.printing.ipp.errors import IppError, NotNow, WrongLogin
from printmgmt.printing.models import PrintServer, ServerRound
from printmgmt.printing.rounds.kind import Rounds
from printmgmt.printing.rounds.snapshot import Snapshot
from printmgmt.printing.servers.adding import change_server, order_round
from printmgmt.work.runner import perform_due
from tests import factories

Happening = Callable[[Callable[[], None]], None]
read_really = Snapshot.read


@pytest.fixture
def in_the_first(monkeypatch: pytest.MonkeyPatch) -> Happening:
    """Have something happen when the first round has read the server, or instead."""

    def have(happen: Callable[[], None]) -> None:
        rounds: list[Snapshot] = []

        def read(self: Snapshot) -> dict[str, Any]:
            columns = read_really(self)
            rounds.append(self)
            if len(rounds) == 1:
                happen()
            return columns

        monkeypatch.setattr(Snapshot, "read", read)

    return have


def test_who_refreshes_during_a_round_has_another_one_after_it(
    server: PrintServer, cups: PrivateCups, in_the_first: Happening
) -> None:
    queue = cups.add_queue("front", stopped=True)

    def refresh() -> None:
        cups.add_queue("back")
        cups.submit(queue, "ada")
        order_round(server)

    in_the_first(refresh)

    assert perform_due(Rounds(), str(server.round.pk)) == 2

    assert (server.jobs.count(), server.printers.filter(name="back").count()) == (1, 1)
    ordered = ServerRound.objects.get()
    assert min(ordered.due_at, ordered.queues_due_at) > timezone.now()


@pytest.mark.parametrize("error", [WrongLogin(), NotNow()])
def test_a_login_that_was_changed_during_a_round_is_used_at_once(
    error: IppError, server: PrintServer, cups: PrivateCups, in_the_first: Happening
) -> None:
    """The round had the former one: what became of it neither stops the next one nor puts it off."""

    def change() -> None:
        password = cups.passwords[OPERATOR]
        entered = {"address": server.uri, "user_name": OPERATOR, "password": password}
        change_server(server, name=server.name, **entered, by=factories.TESTER)
        raise error

    in_the_first(change)

    assert perform_due(Rounds(), str(server.round.pk)) == 2

    server.refresh_from_db()
    assert (server.problem, server.round.stopped_at, server.round.error) == ("", None, "")


def test_the_command_waits_for_a_round_that_is_under_way(
    server: PrintServer,
    cups: PrivateCups,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    cups.submit(cups.add_queue("front", stopped=True), "ada")
    until = timezone.now() + timedelta(minutes=1)
    ServerRound.objects.update(lease_owner="a worker", lease_until=until)

    def end_it(_seconds: float) -> None:
        ServerRound.objects.update(lease_owner="", lease_until=None)

    monkeypatch.setattr(time, "sleep", end_it)
    call_command("print_round")

    [said] = json.loads(capsys.readouterr().out.splitlines()[-1])["print_servers"]
    assert (said["open_jobs"], said["problem"]) == (1, "")
