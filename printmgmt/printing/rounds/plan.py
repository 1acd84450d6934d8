"""From which job on a round reads, so that it loses none and does not read the whole past every minute."""

from collections.abc import Sequence
from typing import Final, NamedTuple

GAP: Final = 1_000
"""An open job this many numbers before the next one is asked for alone, not with all past jobs after it."""

MOST_APART: Final = 50
"""More jobs than this are not asked for alone: each costs a request."""


class Plan(NamedTuple):
    """``apart`` are jobs to be asked for one by one; ``first`` is the number from which on all are read."""

    apart: list[int]
    first: int


def plan(open_ids: Sequence[int], newest: int) -> Plan:
    """Return what to read. ``open_ids`` are the jobs that were open, ascending; ``newest`` is the last known.

    Reading begins at the lowest open job, since what is older is over, and at the newest one at the latest:
    new jobs have higher numbers, and finding the newest again shows that it is the same server.
    """
    first = newest or 1
    apart: list[int] = []
    for place in range(len(open_ids), 0, -1):
        number = open_ids[place - 1]
        if first - number > GAP:
            apart = list(open_ids[:place])
            break
        first = min(first, number)
    if len(apart) > MOST_APART:
        return Plan([], apart[0])
    return Plan(apart, first)
