"""What the list of a queue has to become. Denied and allowed are one list in CUPS: setting one deletes the
other.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from printmgmt.printing.ipp.attributes import Queue
from printmgmt.printing.ipp.queues import NOBODY
from printmgmt.printing.queue_access.forms import fold

Names = Mapping[str, str]
"""Names to refuse, by `forms.fold`."""


@dataclass(frozen=True)
class Ours:
    """What the console changed in the list of one queue, so that nothing else is ever undone.

    ``added`` are names that it put into a denied list, ``taken`` names that it took out of an allowed list,
    as they were spelled there. ``sentinel``: it put the name in that keeps an allowed list from being empty.
    """

    added: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()
    sentinel: bool = False


@dataclass(frozen=True)
class Plan:
    """The list to write: ``denied`` or ``allowed``, the other one is None; neither if nothing is to change.

    ``ours`` is what is the console's once it is written. ``lost`` were the console's and are no longer there:
    the server crashed, or someone removed them.
    """

    ours: Ours
    denied: tuple[str, ...] | None = None
    allowed: tuple[str, ...] | None = None
    lost: tuple[str, ...] = ()


def plan_list(queue: Queue, refused: Names, ours: Ours, nobodys: Collection[str] = ()) -> Plan:
    """Return how a queue, read with its list, comes to refuse exactly these names more than without us.

    ``refused`` has all of them. Names that others put there, or took out, stay as they are. ``nobodys`` are
    names, by `fold`, that are not put into an allowed list again, since nobody has them any more.
    """
    if not queue.list_known:
        raise ValueError(f"the list of {queue.name!r} was not read")
    return _of_allowed(queue, refused, ours, nobodys) if queue.allowed else _of_denied(queue, refused, ours)


def _of_denied(queue: Queue, refused: Names, ours: Ours) -> Plan:
    there = {fold(name) for name in queue.denied}
    added = {fold(name): name for name in ours.added}
    kept = [name for name in queue.denied if fold(name) not in added or fold(name) in refused]
    new = {key: name for key, name in refused.items() if key not in there}
    denied = (*kept, *new.values())
    return Plan(
        Ours(added=tuple(name for key, name in refused.items() if key in added or key in new)),
        denied=None if denied == queue.denied else denied,
        lost=tuple(name for key, name in new.items() if key in added),
    )


def _of_allowed(queue: Queue, refused: Names, ours: Ours, nobodys: Collection[str]) -> Plan:
    there = {fold(name) for name in queue.allowed}
    taken = {fold(name): name for name in ours.taken}
    out = [name for name in queue.allowed if fold(name) in refused]
    back = [name for key, name in taken.items() if key not in refused and key not in {*there, *nobodys}]
    own = {NOBODY} if ours.sentinel else set()
    names = [name for name in queue.allowed if name not in out and name not in own] + back
    allowed = tuple(names) or (NOBODY,)  # an empty list would open the queue to everyone
    return Plan(
        Ours(
            taken=tuple({key: name for key, name in taken.items() if key in refused}.values())
            + tuple(name for name in out if fold(name) not in taken),
            sentinel=not names and (ours.sentinel or NOBODY not in queue.allowed),
        ),
        allowed=None if allowed == queue.allowed else allowed,
        lost=tuple(name for name in out if fold(name) in taken),
    )
