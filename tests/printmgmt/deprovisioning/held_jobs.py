"""A step of the tests: it holds jobs on print servers that are dictionaries, and lets a test interfere."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from threading import Lock

from printmgmt.deprovisioning.models import DeprovisionRun, Trigger
from printmgmt.deprovisioning.steps.base import Evidence, Step, Target


@dataclass
class HoldJobs(Step):
    """Holds what a person has waiting; undone, it releases what it held and nothing else.

    ``before`` is called before it acts, ``after`` when it has acted: they may raise, wait, or let the person
    come back in the meantime.
    """

    name = "hold-jobs-of-the-tests"
    label = "Hold jobs"
    triggers = frozenset({Trigger.SUSPENDED, Trigger.REMOVED})
    evidence_words = {"held": lambda jobs: [f"{len(jobs)} jobs held."]}

    servers: tuple[str, ...] = ("hall",)
    waiting: dict[str, set[str]] = field(default_factory=dict)
    held: dict[str, set[str]] = field(default_factory=dict)
    acts: list[str] = field(default_factory=list)
    undos: list[str] = field(default_factory=list)
    before: Callable[[Target], object] = lambda target: None
    after: Callable[[Target], object] = lambda target: None
    holds: bool = True
    _lock: Lock = field(default_factory=Lock)

    def queue(self, person: object, *jobs: str) -> None:
        """Put jobs of a person into the queue, as a user's computer does."""
        self.waiting.setdefault(str(person), set()).update(jobs)

    def targets(self, run: DeprovisionRun) -> Iterable[Target]:
        return [Target("server", name, name) for name in self.servers]

    def act(self, run: DeprovisionRun, target: Target, evidence: Evidence) -> None:
        self.before(target)
        with self._lock:
            self.acts.append(f"{run.person_id}@{target.id}")
            found = self.waiting.pop(str(run.person_id), set())
            self.held.setdefault(str(run.person_id), set()).update(found)
        evidence["held"] = [*evidence.get("held", []), *sorted(found)]
        self.after(target)

    def verify(self, run: DeprovisionRun, target: Target, evidence: Evidence) -> bool:
        return self.holds and not self.waiting.get(str(run.person_id))

    def undo(self, run: DeprovisionRun, target: Target, evidence: Evidence) -> None:
        self.before(target)
        with self._lock:
            self.undos.append(f"{run.person_id}@{target.id}")
            held = self.held.setdefault(str(run.person_id), set())
            ours = held & set(evidence.get("held", []))
            held -= ours
            self.waiting.setdefault(str(run.person_id), set()).update(ours)
