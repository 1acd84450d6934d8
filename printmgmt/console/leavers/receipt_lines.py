"""The steps of a receipt in words: each of them, and on paper those of many targets together."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from printmgmt.console.leavers.report_columns import ORDINARY
from printmgmt.console.leavers.statuses import STEP
from printmgmt.deprovisioning.steps import step_label, step_words
from printmgmt.organizations.moments import write_moment

WIDTH: Final = 80
"""Characters in a line of the printed table, about."""

ROOM: Final = 28
"""Lines of the printed table that leave room on an A4 page for the rest of a receipt."""

NAMED, SHORT = 3, 60
"""Targets that are named where something is left to do, and with how many characters."""

LONGEST: Final = 480
"""Characters of a sentence on paper: a thousand jobs, each by its number, would fill it."""


@dataclass(frozen=True)
class StepLine:
    """A step as the receipt states it, in the reader's language; on paper perhaps of many ``targets``."""

    name: str
    label: str | Promise
    target: str
    state: str
    at: str
    seconds: float | None
    attempts: int
    problem: str
    words: list[str]
    targets: int = 1

    @property
    def status(self) -> Any:
        return STEP.of(self.state)

    @property
    def height(self) -> int:
        """About how many lines of text it takes on paper."""
        texts = [f"{self.label} {self.target}", *self.words, *([self.problem] if self.problem else [])]
        beside = 2 if self.seconds is None else 4
        return max(sum(ceil(len(text) / WIDTH) for text in texts), beside)


def lines_of(body: dict[str, Any], personal: dict[str, Any]) -> Iterator[StepLine]:
    """Yield the steps of a receipt in their order."""
    who = personal.get("display_name") or personal.get("user_name") or ""
    for step in body["steps"]:
        own = personal.get("steps", {}).get(str(step["id"]), {})
        evidence = step["evidence"] | {key: value for key, value in own.items() if key != "target"}
        after = step["done_after_ms"]
        yield StepLine(
            name=step["step"],
            label=step_label(step["step"]),
            target=step["target"] or own.get("target", ""),
            state=step["state"],
            at=written(step["ended_at"] or step["due_at"]),
            seconds=after / 1000 if after is not None else None,
            attempts=step["attempts"],
            problem=step["problem"],
            words=step_words(step["step"], evidence, who=who),
        )


def for_paper(lines: Sequence[StepLine]) -> list[StepLine]:
    """Return lines that fit a page: the same, or where they would not fit one for each step and state.

    That one has what all of its targets have in common, the last moment and the most seconds.
    """
    if sum(line.height for line in lines) <= ROOM:
        return list(lines)
    groups: dict[tuple[str, str], list[StepLine]] = defaultdict(list)
    for line in lines:
        groups[line.name, line.state].append(line)
    return [_together(group) for group in groups.values()]


def _together(group: list[StepLine]) -> StepLine:
    first = group[0]
    common = [word for word in first.words if all(word in line.words for line in group)]
    seconds = [line.seconds for line in group if line.seconds is not None]
    problems = list(dict.fromkeys(line.problem for line in group if line.problem))
    return StepLine(
        name=first.name,
        label=first.label,
        target=_targets(group),
        state=first.state,
        at=max(group, key=lambda line: line.seconds or 0).at,
        seconds=max(seconds, default=None),
        attempts=max(line.attempts for line in group),
        problem=problems[0] if len(problems) == 1 else "",
        words=[Truncator(word).chars(LONGEST) for word in common],
        targets=len(group),
    )


def _targets(group: Sequence[StepLine]) -> str:
    """How many targets a line is about, and the names of the first ones where something is left to do."""
    first = group[0]
    if len(group) == 1:
        return Truncator(first.target).chars(SHORT)
    number = ngettext("%(count)d target", "%(count)d targets", len(group)) % {"count": len(group)}
    if first.state in ORDINARY:
        return number
    names = [Truncator(line.target).chars(SHORT) for line in group[:NAMED]]
    more = ["…"] if len(group) > NAMED else []
    return _("%(number)s: %(names)s") % {"number": number, "names": ", ".join([*names, *more])}


def written(text: str | None) -> str:
    """A moment of the receipt, to the second."""
    return write_moment(datetime.fromisoformat(text.replace("Z", "+00:00")), seconds=True) if text else ""
