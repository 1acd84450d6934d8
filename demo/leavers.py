"""The runs of people who left: waits for them and compares them with the expected states."""

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from demo.badges import is_active
from demo.commands import Commands
from demo.expected import State

WAIT_SECONDS = 60
SETTLED = {"settled", "finished"}
OVER = {"superseded", "undone"}


@dataclass(frozen=True)
class Group:
    """Runs with the same state, for one line on the screen. `due` is a date, "" if nothing is left to do."""

    trigger: str
    state: str
    due: str
    people: tuple[str, ...]


@dataclass
class Leavers:
    """One organization's runs as last read. `wrong` has the unexpected ones."""

    runs: list[dict[str, Any]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def groups(self) -> list[Group]:
        people: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        for run in self.runs:
            due = (
                datetime.fromisoformat(run["next_due_at"]).strftime("%-d %b %Y") if run["next_due_at"] else ""
            )
            people[run["trigger"], run["state"], due].append(run["user_name"])
        return [Group(*key, tuple(sorted(names))) for key, names in sorted(people.items())]


def wait_for_runs(
    commands: Commands, organization: str, states: Sequence[State], ids: dict[str, str]
) -> Leavers:
    """Read the runs until they match `states` (one per act), for at most WAIT_SECONDS."""
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        runs = commands.lines("leavers", "--organization", organization)
        wrong = complaints(runs, states, ids)
        if not wrong or time.monotonic() > deadline:
            return Leavers(runs, wrong)
        time.sleep(0.5)


def complaints(runs: list[dict[str, Any]], states: Sequence[State], ids: dict[str, str]) -> list[str]:
    """Return what is wrong with the runs, in words; `ids` gives the SCIM id of an objectId.

    People who are removed or suspended must have one live, settled run with that trigger. Those who came back
    must have only ended runs, people who never left none.
    """
    by_person: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for run in runs:
        by_person[run["person"]].append(run)
    wrong = []
    for object_id, person in ids.items():
        last = states[-1][object_id]
        own = by_person.pop(person, [])
        live = [run for run in own if run["state"] not in OVER]
        name = (last or next(state[object_id] for state in reversed(states) if state[object_id]) or {})[
            "userName"
        ]
        if is_active(last):
            came_back = any(left_in(states, at, object_id) for at in range(1, len(states)))
            if live or bool(own) != came_back:
                wrong.append(f"{name}: {len(own)} runs, {len(live)} of them live, though the person is here")
            continue
        due = "suspended" if last else "removed"
        if [run["trigger"] for run in live] != [due]:
            wrong.append(f"{name}: no single live run for {due}")
        elif live[0]["state"] not in SETTLED:
            wrong.append(f"{name}: run is {live[0]['state']}")
    return wrong + [f"a run for {person}, whom nobody sent" for person in by_person]


def left_in(states: Sequence[State], at: int, object_id: str) -> bool:
    """Whether the person left in act `at`."""
    return is_active(states[at - 1][object_id]) and not is_active(states[at][object_id])
