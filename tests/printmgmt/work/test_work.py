"""What durable work promises, row by row: claims, tries, turns, and late results that are refused."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from printmgmt.work import runner
from printmgmt.work.claims import Claim, LeaseLost, claim
from printmgmt.work.kinds import WorkError
from printmgmt.work.patience import Patience
from printmgmt.work.runner import next_due, perform_due
from tests.printmgmt.work.chores import Chore, Chores

pytestmark = pytest.mark.django_db


def raising(error: Exception) -> Callable[[Claim[Chore]], None]:
    def act(_claim: Claim[Chore]) -> None:
        raise error

    return act


def test_a_row_that_is_done_is_let_go_and_not_done_again() -> None:
    chore = Chore.objects.create(name="sweep")

    assert (perform_due(Chores()), perform_due(Chores())) == (1, 0)

    chore.refresh_from_db()
    assert (chore.done, chore.attempts, chore.crashes, chore.lease_until, chore.lease_owner) == (
        *(1, 1, 0),
        *(None, ""),
    )


def test_a_row_is_not_begun_before_its_time_and_a_nudge_means_its_own() -> None:
    Chore.objects.create(name="later", due_at=timezone.now() + timedelta(minutes=1))
    other, meant = (Chore.objects.create(name=name) for name in ("other", "meant"))

    assert perform_due(Chores(), str(meant.pk)) == 1

    assert set(Chore.objects.filter(is_open=True).values_list("name", flat=True)) == {"later", other.name}


def test_a_row_that_somebody_holds_is_nobody_elses_until_the_lease_is_over() -> None:
    chore = Chore.objects.create(name="sweep")
    chores = Chores()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert claim(chores.rows(), chore.pk, "a worker that died", chores.lease)
        assert not claim(chores.rows(), chore.pk, "another", chores.lease)
        assert perform_due(chores) == 0
        clock.shift(chores.lease + timedelta(seconds=1))

        assert perform_due(chores) == 1

    chore.refresh_from_db()
    assert (chore.done, chore.attempts) == (1, 2)


def test_the_late_result_of_a_lease_that_another_took_over_is_refused() -> None:
    chore = Chore.objects.create(name="sweep")
    refused: list[LeaseLost] = []

    def too_slow(mine: Claim[Chore]) -> None:
        with time_machine.travel(timezone.now() + Chores.lease + timedelta(seconds=1)):
            assert claim(chores.rows(), chore.pk, "another", Chores.lease)
        for late in (mine.renew, mine.release, lambda: chores.retry_later(mine, "late")):
            with pytest.raises(LeaseLost) as caught:
                late()
            refused.append(caught.value)

    chores = Chores(too_slow)
    perform_due(chores)

    assert len(refused) == 3
    chore.refresh_from_db()
    assert (chore.done, chore.is_open, chore.lease_owner, chore.crashes) == (0, True, "another", 2)


def test_a_lease_that_is_renewed_in_time_is_not_taken_over() -> None:
    chore = Chore.objects.create(name="sweep")
    taken: list[bool] = []

    def slow(mine: Claim[Chore]) -> None:
        with time_machine.travel(timezone.now(), tick=False) as clock:
            for _ in range(3):
                clock.shift(Chores.lease - timedelta(seconds=1))
                mine.renew()
                taken.append(claim(chores.rows(), chore.pk, "another", Chores.lease))

    chores = Chores(slow)
    perform_due(chores)

    assert taken == [False] * 3
    chore.refresh_from_db()
    assert chore.done == 1


def test_not_now_is_retried_later_and_later_until_patience_is_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Chores, "patience", Patience(first_wait=10, longest_wait=100, attempts=7, time=None))
    chore = Chore.objects.create(name="sweep")
    chores = Chores(raising(WorkError("offline", permanent=False)))
    waits = []
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(6):
            assert perform_due(chores) == 1
            chore.refresh_from_db()
            waits.append((chore.due_at - timezone.now()).total_seconds())
            clock.move_to(chore.due_at)
        assert (chore.is_open, chore.crashes, chore.error) == (True, 0, "offline")
        perform_due(chores)

    assert all(low <= wait <= 2 * low for wait, low in zip(waits, (5, 10, 20, 40, 50, 50), strict=True))
    chore.refresh_from_db()
    assert (chore.is_open, chore.done, chore.error) == (False, 0, "offline")


def test_not_now_ends_after_three_days() -> None:
    chore = Chore.objects.create(name="sweep")
    chores = Chores(raising(WorkError("offline", permanent=False)))
    with time_machine.travel(timezone.now(), tick=False) as clock:
        perform_due(chores)
        clock.shift(timedelta(hours=72, seconds=-1))
        perform_due(chores)
        chore.refresh_from_db()
        assert chore.is_open
        clock.shift(timedelta(hours=2))
        perform_due(chores)

    chore.refresh_from_db()
    assert not chore.is_open


def test_rows_that_fail_together_do_not_come_back_together() -> None:
    chores = Chores(raising(WorkError("offline", permanent=False)))
    for number in range(5):
        Chore.objects.create(name=str(number))
    with time_machine.travel(timezone.now(), tick=False):
        perform_due(chores)

    assert len(set(Chore.objects.values_list("due_at", flat=True))) == 5


def test_what_a_person_must_look_at_is_given_up_at_once() -> None:
    chore = Chore.objects.create(name="sweep")

    perform_due(Chores(raising(WorkError("forbidden", permanent=True))))

    chore.refresh_from_db()
    assert (chore.is_open, chore.done, chore.error) == (False, 0, "forbidden")


def test_a_row_that_keeps_raising_is_tried_five_times_and_stops_no_other() -> None:
    bad, good = Chore.objects.create(name="bad"), Chore.objects.create(name="good")

    def act(mine: Claim[Chore]) -> None:
        if mine.row == bad:
            raise ZeroDivisionError("a bug")

    with time_machine.travel(timezone.now(), tick=False) as clock:
        for crashes in range(1, 6):
            perform_due(Chores(act))
            bad.refresh_from_db()
            assert (bad.is_open, bad.crashes) == (True, crashes)
            clock.move_to(bad.due_at)
        perform_due(Chores(act))

    bad.refresh_from_db()
    good.refresh_from_db()
    assert not bad.is_open
    assert bad.error == "Failed after 5 attempts. Unexpected error: ZeroDivisionError."
    assert good.done == 1


def test_an_unexpected_success_forgets_the_crashes_before_it() -> None:
    chore = Chore.objects.create(name="sweep", crashes=4, error="Unexpected error: OSError.")

    perform_due(Chores())

    chore.refresh_from_db()
    assert (chore.crashes, chore.error) == (0, "")


def test_customers_take_turns_and_what_was_tried_least_comes_first() -> None:
    for number in range(60):
        Chore.objects.create(name=f"many {number}")
    [tried] = [Chore.objects.create(name="tried", customer="fabrikam", attempts=1)]
    few = Chore.objects.create(name="few", customer="fabrikam")

    first = next_due(Chores())

    assert few.pk in first[:3]
    assert first[-1] == tried.pk


def test_a_call_begins_no_row_after_its_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 1.0, Chores.budget + 1.0])
    monkeypatch.setattr(runner, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    for number in range(3):
        Chore.objects.create(name=str(number))

    assert perform_due(Chores()) == 1


def test_a_worker_passes_over_rows_where_another_was_faster_and_comes_back_for_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(runner, "BATCH", 6)
    rows = [Chore.objects.create(name=str(number)) for number in range(8)]
    tried = []

    def claim_unless_taken(open_rows: Any, pk: Any, owner: str, lease: timedelta) -> bool:
        tried.append(pk)
        if pk == rows[0].pk:
            Chore.objects.filter(pk=pk).update(lease_until=timezone.now() + lease, lease_owner="another")
            return False
        return claim(open_rows, pk, owner, lease)

    monkeypatch.setattr(runner, "claim", claim_unless_taken)

    assert perform_due(Chores()) == 7
    assert [rows.index(Chore(pk=pk)) for pk in tried] == [0, 2, 3, 4, 5, 1, 6, 7]


def test_a_worker_looks_again_after_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "LEAST", 2)
    clock = iter([0.0, 1.0, 1.5, 2.5, 3.0])
    monkeypatch.setattr(runner, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    for number in range(3):
        Chore.objects.create(name=str(number))
    looks = []
    monkeypatch.setattr(runner, "next_due", lambda *asked: looks.append(1) or next_due(*asked))

    assert perform_due(Chores()) == 3
    assert len(looks) == 3  # the last one finds nothing
