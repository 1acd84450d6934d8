"""Why a person who left still holds something: what ends it and when, or that nothing does."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from printmgmt.deprovisioning.models import DeprovisionStep, StepState


class Why(StrEnum):
    """The reason. `needs_someone` says which of them end only if someone acts."""

    DATED = "dated"
    """A step ends it on a later day."""
    WORKING = "working"
    APPROVAL = "approval"
    PRINTING = "printing"
    KEPT = "kept"
    """Console access that an owner left to them, or gave later."""
    FAILED = "failed"
    SKIPPED = "skipped"
    UNHELD = "unheld"
    """A job that can print."""
    UNREACHED = "unreached"
    """Jobs on a print server that steps do not act on."""
    NO_STEP = "no-step"
    UNDECIDED = "undecided"
    """Console access that an owner has to decide about."""

    @property
    def needs_someone(self) -> bool:
        return self in _ALARMING


_ALARMING: Final = frozenset({Why.FAILED, Why.SKIPPED, Why.UNHELD, Why.UNREACHED, Why.NO_STEP, Why.UNDECIDED})


class Reason(NamedTuple):
    """Why something is held, and the step that it depends on, if one does."""

    why: Why
    step: DeprovisionStep | None = None


Steps = Mapping[str, DeprovisionStep]
"""The steps on one target by their names, of the present absence."""


def of_jobs(
    steps: Steps, *, hold: str, cancel: str, prints: bool, stays: bool, acts: bool, now: datetime
) -> Reason:
    """Return why open jobs on a server are still there. ``hold`` and ``cancel`` are the names of two steps.

    ``stays``: they are held until someone releases them; ``acts``: steps can act on the server.
    """
    holding, canceling = steps.get(hold), steps.get(cancel)
    if prints:
        return Reason(Why.PRINTING)
    if holding is not None and holding.state == StepState.ATTENTION and stays:
        return Reason(Why.FAILED, holding)
    if not stays:
        return of_step(holding, now, done=Why.UNHELD if acts else Why.UNREACHED)
    return of_step(canceling, now, done=Why.NO_STEP if acts else Why.UNREACHED)


def of_step(step: DeprovisionStep | None, now: datetime, *, done: Why = Why.NO_STEP) -> Reason:
    """Return why what ``step`` ends is still there; ``done`` is why if there is no step, or it is over."""
    if step is None:
        return Reason(done)
    if step.state == StepState.PENDING:
        return Reason(Why.DATED if step.due_at > now and not step.attempts else Why.WORKING, step)
    known = {
        StepState.WAITING: Why.APPROVAL,
        StepState.ATTENTION: Why.FAILED,
        StepState.SKIPPED: Why.SKIPPED,
    }
    why = known.get(StepState(step.state))
    return Reason(why, step) if why else Reason(done)
