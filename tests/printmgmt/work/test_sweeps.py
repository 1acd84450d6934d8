"""The sweeps of a worker's timer: one that fails does not starve those behind it."""

import pytest

from printmgmt.work import sweeps
from printmgmt.work.sweeps import Sweep, perform_one
from printmgmt.work.timer import sweep_all


@pytest.mark.django_db
def test_a_sweep_that_raises_keeps_none_behind_it_from_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []

    def failing() -> None:
        called.append("failing")
        raise RuntimeError

    rounds = {"a": failing, "b": lambda: called.append("behind"), "c": failing}
    monkeypatch.setattr(sweeps, "_sweeps", {name: Sweep(name, due) for name, due in rounds.items()})

    sweep_all()

    assert called == ["failing", "behind", "failing"]


def test_a_nudge_for_work_of_a_newer_version_raises_nothing() -> None:
    perform_one("of-a-newer-version", "1")
