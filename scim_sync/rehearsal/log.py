"""The provisioning log: the outcome of each object in each cycle, with the reason."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    DISABLED = "disabled"
    DELETED = "deleted"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True)
class Entry:
    """One object in one cycle. `code` and `reason` say why it was skipped or failed."""

    cycle: int
    object_id: str
    name: str
    outcome: Outcome
    code: str = ""
    reason: str = ""


class ProvisioningLog:
    """Entries in the order of the directory, cycle after cycle."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries)

    def write(self, entry: Entry) -> None:
        self._entries.append(entry)

    def counts(self, cycle: int) -> Counter[Outcome]:
        """Return how many objects had which outcome in a cycle (1 is the first)."""
        return Counter(entry.outcome for entry in self if entry.cycle == cycle)

    def failures(self) -> list[Entry]:
        return [entry for entry in self if entry.outcome is Outcome.FAILED]
