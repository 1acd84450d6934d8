"""The last one out: a tiny process that ends a supervisor's children when the supervisor itself is killed.

Run as a script with nothing but the standard library. It reads ``+<group>`` and ``-<group>`` lines from
stdin; the end of stdin means that the supervisor is gone. What the supervisor hands down as an open file (the
lock on the data folder) stays locked until this process has ended the last child.
"""

import contextlib
import os
import signal
import sys
import time

GRACE = 8.0  # seconds between asking and killing


def signal_groups(groups: set[int], number: int) -> set[int]:
    """Send ``number`` to each process group; return those that still exist."""
    alive = set()
    for group in groups:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, number)
            alive.add(group)
    return alive


def end(groups: set[int]) -> None:
    """Ask the leaders to end, wait up to ``GRACE`` seconds for their groups, kill the rest."""
    for leader in groups:
        with contextlib.suppress(ProcessLookupError):
            os.kill(leader, signal.SIGTERM)
    deadline = time.monotonic() + GRACE
    while (groups := signal_groups(groups, 0)) and time.monotonic() < deadline:
        time.sleep(0.05)
    signal_groups(groups, signal.SIGKILL)


def main() -> None:
    """Keep the list until stdin ends, then empty it."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # only the supervisor's end is ours
    groups: set[int] = set()
    for line in sys.stdin:
        change, group = line[0], int(line[1:])
        if change == "+":
            groups.add(group)
        else:
            groups.discard(group)
    end(groups)


if __name__ == "__main__":
    main()
