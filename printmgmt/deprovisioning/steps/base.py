"""What the author of a step writes: its targets, the act, the proof, and where it makes sense the undo."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.utils.functional import Promise

from printmgmt.deprovisioning.models import DeprovisionRun, Trigger
from printmgmt.work.kinds import WorkError

Evidence = dict[str, Any]
"""What was found and done, as a JSON object; "0 found" included. Never a secret, never a name."""


class StepError(WorkError):
    """The step could not act. ``permanent`` needs a person; otherwise it is "not now" and tried again."""


@dataclass(frozen=True)
class Target:
    """One thing a step acts on. ``label`` is what a person reads."""

    kind: str
    id: str
    label: str = ""


class Step:
    """One effect of a leaving. It does one thing and can run twice without harm."""

    name: ClassVar[str]
    """Stored in rows; never renamed."""
    label: ClassVar[str | Promise]
    triggers: ClassVar[frozenset[Trigger]]
    immediate: ClassVar[bool] = True
    """Whether the run is settled only after this step."""
    irreversible: ClassVar[bool] = False
    own_rows_only: ClassVar[bool] = False
    """Whether it touches nothing but our own rows: then it acts in the transaction that records it, with the
    person locked, and can neither lose its evidence nor cross somebody's coming back."""

    def due(self, run: DeprovisionRun) -> datetime:
        """When to act: at once, unless the step says otherwise."""
        return run.cut_at

    def targets(self, run: DeprovisionRun) -> Iterable[Target]:
        """What to act on, decided inside the leaving's transaction: our own rows only, no calls outside."""
        raise NotImplementedError("Subclasses must implement targets()")

    def act(self, run: DeprovisionRun, target: Target, evidence: Evidence) -> None:
        """Do it, noting in ``evidence`` what was found and done. Raises StepError.

        ``evidence`` holds what earlier attempts noted and is kept however this one ends, so note each change
        when it is made. Come back within the lease (a minute): whatever waits needs a shorter time-out.
        """
        raise NotImplementedError("Subclasses must implement act()")

    def verify(self, run: DeprovisionRun, target: Target, evidence: Evidence) -> bool:
        """Read again and say whether the effect holds."""
        raise NotImplementedError("Subclasses must implement verify()")

    def undo(self, run: DeprovisionRun, target: Target, evidence: Evidence) -> None:
        """Take back what ``evidence`` says this step changed, and only that. Absent: nothing to undo.

        ``evidence`` is empty when a worker died while acting.
        """
        raise NotImplementedError("This step has no undo()")

    @classmethod
    def is_undoable(cls) -> bool:
        """Whether the step's author wrote ``undo``."""
        return cls.undo is not Step.undo
