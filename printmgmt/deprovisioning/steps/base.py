"""What the author of a step writes: its words, its targets, the act, the proof, and perhaps the undo."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from printmgmt.deprovisioning.foreseen import Foreseen, Plan
from printmgmt.deprovisioning.models import DeprovisionRun, Trigger
from printmgmt.work.kinds import WorkError


class Evidence(dict[str, Any]):
    """What was found and done, as a JSON object; "0 found" included. Never a secret, never a name."""

    def __init__(
        self, noted: Mapping[str, Any] | None = None, *, write: Callable[["Evidence"], None] | None = None
    ) -> None:
        super().__init__(noted or {})
        self._write = write

    def keep(self) -> None:
        """Write what was noted so far, so that it outlives the worker, and renew the lease.

        For steps that change something outside of the database: call it before and after each change. Raises
        LeaseLost.
        """
        if self._write is not None:
            self._write(self)


Words = Callable[[Any], Iterable[str]]
"""Takes the value of one evidence key; returns translated sentences, perhaps none."""


class StepError(WorkError):
    """The step could not act. ``permanent`` needs a person; otherwise it is "not now" and tried again."""


@dataclass(frozen=True)
class Target:
    """One thing a step acts on. ``label`` is what a person reads."""

    kind: str
    id: str
    label: str = ""


def found_words(number: int) -> Iterator[str]:
    """The words of ``found``, which every step without a target records."""
    if not number:
        yield _("Nothing to do.")


class Step:
    """One effect of a leaving. It does one thing and can run twice without harm.

    Subclasses must set ``name``, ``label``, ``triggers`` and ``evidence_words`` and implement `targets`,
    `act` and `verify`, or the start is refused (`deprovisioning.checks`). A step may read models; it changes
    rows only through the services of their room. A service that takes ``by`` gets
    ``system(self.name, request_id=run.request_id)``: the console acts, in the request of the leaving.
    """

    name: ClassVar[str] = ""
    """Stored in rows; never renamed."""
    label: ClassVar[str | Promise] = ""
    """What it does, in the imperative: shown in the question before a leaving, the run and the timeline."""
    triggers: ClassVar[frozenset[Trigger]] = frozenset()
    """The ways of leaving that this step follows."""
    evidence_words: ClassVar[Mapping[str, Words]] = {}
    """The sentences of each key that ``act`` notes in the evidence, besides ``found``."""
    immediate: ClassVar[bool] = True
    """Whether the run is settled only after this step."""
    irreversible: ClassVar[bool] = False
    """Whether this step destroys: then it comes last, and the run's page says that it cannot be undone."""
    settles: ClassVar[str] = ""
    """The name of a step that no longer needs attention once this one is done on the same target."""
    personal_evidence: ClassVar[frozenset[str]] = frozenset()
    """Keys of the evidence that tell of the person: a receipt keeps them in the part that can be erased."""
    own_rows_only: ClassVar[bool] = False
    """Whether it touches nothing but our own rows: then it acts in the transaction that records it, with the
    person locked, and can neither lose its evidence nor cross someone's coming back."""

    def due(self, run: DeprovisionRun) -> datetime:
        """When to act: at once, unless the step says otherwise."""
        return run.cut_at

    def targets(self, run: DeprovisionRun) -> Iterable[Target]:
        """What to act on, decided inside the leaving's transaction: our own rows only, no calls outside."""
        raise NotImplementedError("Subclasses must implement targets()")

    def act(self, run: DeprovisionRun, target: Target, evidence: Evidence) -> None:
        """Do it, noting in ``evidence`` what was found and done. Raises StepError.

        ``evidence`` holds what earlier attempts noted and is kept however this one ends, so note each change
        when it is made. Come back, or call its ``keep()``, within the lease (a minute): whatever waits needs
        a shorter time-out.
        """
        raise NotImplementedError("Subclasses must implement act()")

    def verify(self, run: DeprovisionRun, target: Target, evidence: Evidence) -> bool:
        """Read again and say whether the effect holds."""
        raise NotImplementedError("Subclasses must implement verify()")

    def undo(self, run: DeprovisionRun, target: Target, evidence: Evidence) -> None:
        """Take back what ``evidence`` says this step changed, and only that. Absent: nothing to undo.

        Ordered when the person comes back within the grace period and this step is done, or began: an attempt
        that failed, or a worker that died while acting, may have changed something. Then ``evidence`` holds
        what was noted until then, perhaps nothing. Not ordered after the grace period, and not when another
        leaving takes this one's place: the later run's undo takes back both. Someone who came back as another
        row, with which this one was merged, is ``run.person.merged_into``.
        """
        raise NotImplementedError("This step has no undo()")

    def preview(self, plan: Plan) -> Iterable[Foreseen]:
        """What this step would change: rows of ``plan.organization``, to be counted for any of its people.

        Absent: nothing worth a number. Reads our own rows only. Counting takes one statement, however many
        people leave.
        """
        return ()

    @classmethod
    def headline(cls, evidence: Mapping[str, Any], *, who: str) -> str:
        """Return what was achieved in sentences that name the person, ``who``; blank for none.

        Pages and receipts show it before the words of the evidence, which name nobody. ``who`` is blank where
        the name was erased.
        """
        return ""

    @classmethod
    def is_undoable(cls) -> bool:
        """Whether the step's author wrote ``undo``."""
        return cls.undo is not Step.undo

    @classmethod
    def words(cls, evidence: Mapping[str, Any]) -> list[str]:
        """Return the sentences of what was noted, in the order of ``evidence_words``; a key without words
        stands as ``key: value``.
        """
        known = {"found": found_words, **cls.evidence_words}
        noted = [key for key in known if key in evidence]  # JSON in a database keeps no order
        return [
            *(sentence for key in noted for sentence in known[key](evidence[key])),
            *(f"{key}: {value}" for key, value in evidence.items() if key not in known),
        ]
