"""The sweeps of a worker's timer: one that fails does not starve those behind it."""

import pytest

from printmgmt.deprovisioning import timer


@pytest.mark.django_db
def test_a_sweep_that_raises_keeps_none_behind_it_from_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []

    def failing() -> None:
        called.append("failing")
        raise RuntimeError

    monkeypatch.setattr(timer, "_sweeps", [failing, lambda: called.append("behind"), failing])

    timer.sweep_once()

    assert called == ["failing", "behind", "failing"]
