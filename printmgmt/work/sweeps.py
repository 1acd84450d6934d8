"""What every worker looks after by itself, and beat asks for: with either dead, due rows are still found."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

import structlog

from printmgmt.work.claims import Row
from printmgmt.work.kinds import Work
from printmgmt.work.runner import perform_due

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Sweep:
    """``due`` does all that is due; ``one`` what a nudge with a key asks for, if nudges are sent."""

    name: str
    due: Callable[[], object]
    one: Callable[[str], object] | None = None


_sweeps: dict[str, Sweep] = {}


def register(name: str, due: Callable[[], object], one: Callable[[str], object] | None = None) -> None:
    """Have ``due`` called regularly, by every worker and by beat, and ``one`` at a nudge. Called at start."""
    _sweeps[name] = Sweep(name, due, one)


def register_work(work: Work[Row]) -> None:
    """Have a kind of work performed. Called at start."""
    register(work.name, partial(perform_due, work), partial(perform_due, work))


def sweep_names() -> Iterable[str]:
    """The names of everything that is looked after."""
    return list(_sweeps)


def perform_one(name: str, key: str) -> None:
    """Do what a nudge asks for; one for a newer version of the console is left to its workers."""
    sweep = _sweeps.get(name)
    if sweep is None or sweep.one is None:
        log.warning("a nudge for unknown work", work=name)
        return
    sweep.one(key)


def sweep(name: str) -> None:
    """Do what is due under one name. Safe to call anywhere, any number of times."""
    if name in _sweeps:
        _sweeps[name].due()
