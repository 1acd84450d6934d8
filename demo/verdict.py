"""Compares expected and seen people by SCIM id, and describes every difference."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from demo.expected import State

COLUMNS = ("created", "updated", "disabled", "deleted", "skipped", "failed")


@dataclass
class Verdict:
    """The result of all acts so far. `ids` has the first SCIM id of each person, which must never change."""

    expected: list[State] = field(default_factory=list)
    seen: list[State] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    failed: set[str] = field(default_factory=set)

    def look(self, expected: State, people: dict[str, dict[str, Any]]) -> None:
        """Check one act. `people` is what the server shows, by SCIM id."""
        by_name = {shown.get("userName"): scim_id for scim_id, shown in people.items()}
        for object_id, wanted in expected.items():
            if wanted and object_id not in self.ids and wanted["userName"] in by_name:
                self.ids[object_id] = by_name[wanted["userName"]]
        objects = {scim_id: object_id for object_id, scim_id in self.ids.items()}
        seen: State = dict.fromkeys(expected)
        for scim_id, shown in people.items():
            if scim_id not in objects:
                self._fail(
                    scim_id, f"{shown.get('userName')}: nobody of the directory, or back with another id"
                )
                continue
            if "manager" in shown:
                shown = {**shown, "manager": objects.get(shown["manager"], shown["manager"])}
            seen[objects[scim_id]] = shown
        for object_id, wanted in expected.items():
            self._compare(object_id, wanted, seen)
        self.expected.append(expected)
        self.seen.append(seen)

    def _compare(self, object_id: str, wanted: dict[str, Any] | None, seen: State) -> None:
        shown = seen[object_id]
        if wanted is None or shown is None:
            if wanted is not shown:
                name = (wanted or shown or {}).get("userName")
                self._fail(object_id, f"{name}: {'missing' if wanted else 'still shown'}")
            return
        # Only mapped attributes are compared; the server may have more.
        shown = seen[object_id] = {name: shown[name] for name in wanted if name in shown}
        for name, value in wanted.items():
            if shown.get(name) != value:
                self._fail(object_id, f"{wanted['userName']}: {name} is {shown.get(name)!r}, not {value!r}")

    def _fail(self, who: str, problem: str) -> None:
        self.failed.add(who)
        self.problems.append(problem)

    def rows(self) -> list[tuple[str, int, int]]:
        """Return (column, got, expected) for the table."""
        got, expected = outcomes(self.seen), outcomes(self.expected)
        got["failed"] = len(self.failed)
        return [(column, got[column], expected[column]) for column in COLUMNS]


def outcomes(states: list[State]) -> Counter[str]:
    """Count the outcomes from act to act. People who never appear were skipped."""
    counts: Counter[str] = Counter()
    before: State = {}
    for state in states:
        counts.update(filter(None, (outcome(before.get(who), after) for who, after in state.items())))
        before = state
    ever = {who for state in states for who, shown in state.items() if shown}
    counts["skipped"] = len(before.keys() - ever)
    return counts


def outcome(before: dict[str, Any] | None, after: dict[str, Any] | None) -> str:
    """Return what happened to a person between two states, "" if nothing did."""
    if before == after:
        return ""
    if before is None:
        return "created"
    if after is None:
        return "deleted"
    return "disabled" if before["active"] and not after.get("active") else "updated"
