"""States as a colored dot and a word: what `console/shell/_status.html` shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Choices

from printmgmt.console.shell.navigation import Text


@dataclass(frozen=True)
class Status:
    """One state as it is shown: its word, the color of its dot (empty: gray), whether the dot pulses."""

    label: Text
    tone: str = ""
    busy: bool = False


@dataclass(frozen=True)
class Statuses:
    """How each state of one kind is shown.

    ``choices`` has the words; ``tones`` the color of each state, such as ``green``, ``azure``, ``yellow`` or
    ``red``, and gray where it says nothing; the dots of the states in ``busy`` pulse.
    """

    choices: type[Choices]
    tones: Mapping[Any, str]
    busy: frozenset[Any] = frozenset()

    def of(self, state: Any) -> Status:
        """Return how a state is shown: a member of ``choices``, or its value."""
        member: Any = self.choices(state)
        return Status(member.label, self.tones.get(member, ""), member in self.busy)
