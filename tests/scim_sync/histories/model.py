"""Who may print, and who holds which jobs, by the rules of leaving: plain Python that knows no product code.

The model is told what the product is told, in the same order: what the directory and administrators do to a
person, what people print, which messages reach a worker, and when a round reads the print server.
"""

from dataclasses import dataclass, field
from enum import StrEnum

NO_HOLD, INDEFINITE = "no-hold", "indefinite"


class Hold(StrEnum):
    """How far the step of a run is that holds jobs."""

    NOTHING = "nothing"
    """There is no print server."""
    ORDERED = "ordered"
    DONE = "done"
    GIVING_BACK = "giving back"
    LEFT = "left as it is"
    """Superseded before it began, or while it gave back."""
    GIVEN_BACK = "given back"


@dataclass(eq=False)
class Run:
    """One leaving. ``took`` are the jobs that it held, ever; ``previous`` is the run that it continues."""

    previous: "Run | None" = None
    state: str = "settled"
    hold: Hold = Hold.ORDERED
    took: list["Job"] = field(default_factory=list)

    @property
    def chain(self) -> list["Run"]:
        """This run and those it continues, newest first."""
        return [self, *(self.previous.chain if self.previous else [])]


@dataclass(eq=False)
class Job:
    """A job that waits: its job-hold-until, ``by`` whom of us it is held, and what it was ``before`` that."""

    until: str
    by: Run | str | None = None
    before: str = ""

    @property
    def stays(self) -> bool:
        """Whether it waits until someone releases it."""
        return self.until == INDEFINITE

    def hold(self, by: Run | str, before: str) -> None:
        self.by, self.before, self.until = by, before, INDEFINITE

    def let_go(self, until: str) -> None:
        self.by, self.before, self.until = None, "", until


@dataclass(eq=False)
class Person:
    """A person whom a directory pushed. ``known`` to it: a later POST of the name is a conflict. After its
    DELETE and a restore in the console it knows the person again with its next write.

    ``paper``: there is a print server.
    """

    paper: bool = False
    active: bool = True
    blocked: bool = False
    allowed: bool = False
    removed: bool = False
    known: bool = True
    runs: list[Run] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)

    @property
    def state(self) -> str:
        if self.removed:
            return "removed"
        return "active" if (self.active or self.allowed) and not self.blocked else "suspended"

    @property
    def prints(self) -> bool:
        return self.state == "active"

    @property
    def opens(self) -> set[str]:
        """What is accepted at a printer: a device is enrolled again after a leaving, the rest comes back."""
        return ({"card", "pin"} if self.runs else {"card", "pin", "device"}) if self.prints else set()

    # The directory. Each returns the status of the answer.

    def disable(self) -> int:
        if self.removed:
            return 404
        return self._change(200, active=False, allowed=False, known=True)

    def enable(self) -> int:
        if self.removed:
            return 404
        self.known = True
        return 200 if self.active else self._change(200, active=True, allowed=False)

    def delete(self) -> int:
        if self.removed:
            return 404
        return self._change(204, removed=True, active=False, allowed=False, known=False)

    def post(self) -> int:
        if not self.removed and self.known:
            return 409
        return self._change(201, removed=False, active=True, allowed=False, known=True)

    # Administrators.

    def block(self) -> None:
        if not self.removed and not self.blocked:
            self._change(0, blocked=True, allowed=False)

    def unblock(self) -> None:
        if not self.removed:
            self._change(0, blocked=False)

    def restore(self) -> None:
        if not self.prints:
            self._change(0, blocked=False, removed=False, allowed=not self.active)

    # What reaches a worker, the server, a round.

    def deliver(self, run: Run) -> None:
        """A message about a run is read: what it orders is done, unless it was done or withdrawn."""
        if run.hold == Hold.ORDERED:
            run.hold = Hold.DONE
            for job in self.jobs:
                if not job.stays:
                    continues = job.by in run.chain
                    job.hold(run, job.before if continues else job.until)
                    run.took.append(job)
        elif run.hold == Hold.GIVING_BACK:
            run.hold = Hold.GIVEN_BACK
            for job in run.took:
                if job.by is run:
                    job.let_go(job.before if job.stays else job.until)

    def deliver_all(self) -> None:
        for run in self.runs:
            self.deliver(run)

    def read(self) -> None:
        """A round reads the server: what we hold and would print is held again."""
        for job in self.jobs:
            if job.by is not None:
                job.until = INDEFINITE

    def _change(self, status: int, **values: bool) -> int:
        before = self.state
        for name, value in values.items():
            setattr(self, name, value)
        if self.state != before:
            if self.prints:
                self._come_back()
            else:
                self._leave(had_access=before == "active")
        return status

    def _leave(self, *, had_access: bool) -> None:
        last = self.runs[-1] if self.runs else None
        if had_access and not any(run.hold == Hold.GIVING_BACK for run in self.runs):
            last = None
        for run in last.chain if last else ():
            if run.hold in (Hold.ORDERED, Hold.GIVING_BACK):
                run.hold = Hold.LEFT
            if run.state != "undone":
                run.state = "superseded"
        self.runs.append(Run(previous=last, hold=Hold.ORDERED if self.paper else Hold.NOTHING))

    def _come_back(self) -> None:
        for run in self.runs[-1].chain:
            began = run.hold == Hold.DONE or bool(run.took)
            if run.hold not in (Hold.GIVEN_BACK, Hold.NOTHING):
                run.hold = Hold.GIVING_BACK if began else Hold.LEFT
            run.state = "undone"
