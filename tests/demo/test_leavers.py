"""Runs held against who is gone, suspended, back, or never left."""

from typing import Any

import pytest

from demo.expected import State
from demo.leavers import Leavers, complaints

HERE: dict[str, Any] = {"userName": "ada", "active": True}
OUT = {**HERE, "active": False}


def run(trigger: str, state: str, person: str = "s1") -> dict[str, Any]:
    return {"person": person, "user_name": "ada", "trigger": trigger, "state": state, "next_due_at": None}


def found(runs: list[dict[str, Any]], *shown: dict[str, Any] | None) -> list[str]:
    states: list[State] = [{"o1": one} for one in shown]
    return complaints(runs, states, {"o1": "s1"})


@pytest.mark.parametrize(
    ("runs", "shown"),
    [
        ([], [HERE, HERE]),
        ([run("suspended", "settled")], [HERE, OUT]),
        ([run("removed", "finished")], [HERE, None]),
        ([run("suspended", "superseded"), run("removed", "settled")], [HERE, OUT, None]),
        ([run("suspended", "undone")], [HERE, OUT, HERE]),
    ],
)
def test_runs_as_they_should_be(runs: list[dict[str, Any]], shown: list[dict[str, Any] | None]) -> None:
    assert found(runs, *shown) == []


@pytest.mark.parametrize(
    ("runs", "shown"),
    [
        ([], [HERE, OUT]),
        ([run("suspended", "settled")], [HERE, HERE]),
        ([run("suspended", "settled")], [HERE, OUT, HERE]),
        ([], [HERE, OUT, HERE]),
        ([run("suspended", "settled")], [HERE, None]),
        ([run("suspended", "working")], [HERE, OUT]),
        ([run("suspended", "attention")], [HERE, OUT]),
        ([run("suspended", "settled"), run("removed", "settled")], [HERE, OUT, None]),
        ([run("suspended", "settled", person="s2")], [HERE, HERE]),
    ],
)
def test_runs_that_are_wrong(runs: list[dict[str, Any]], shown: list[dict[str, Any] | None]) -> None:
    assert len(found(runs, *shown)) == 1


def test_runs_that_stand_alike_are_one_group() -> None:
    due = "2026-12-01T10:00:00+00:00"
    runs = [{**run("removed", "settled"), "next_due_at": due, "user_name": name} for name in ("ada", "ben")]
    groups = Leavers([*runs, run("suspended", "undone")]).groups()
    assert [(g.trigger, g.state, g.due, g.people) for g in groups] == [
        ("removed", "settled", "1 Dec 2026", ("ada", "ben")),
        ("suspended", "undone", "", ("ada",)),
    ]
