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
from collections.abc import Callable

GRACE = 8.0  # seconds between asking and killing


def send(kill: Callable[[int, int], None], target: int, number: int) -> bool:
    """Send ``number`` to a process or group with ``os.kill`` or ``os.killpg``; return whether it exists."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        kill(target, number)
        return True
    return False


def end(groups: set[int]) -> None:
    """Ask the leaders to end; kill each group as soon as its leader has, and all after ``GRACE`` seconds."""
    for leader in groups:
        send(os.kill, leader, signal.SIGTERM)
    deadline = time.monotonic() + GRACE
    while groups and time.monotonic() < deadline:
        for group in groups:
            if not send(os.kill, group, 0):
                send(os.killpg, group, signal.SIGKILL)
        groups = {group for group in groups if send(os.killpg, group, 0)}
        time.sleep(0.05)
    for group in groups:
        send(os.killpg, group, signal.SIGKILL)


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
