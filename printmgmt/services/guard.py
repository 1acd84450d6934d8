"""A small process that ends the children of a supervisor if the supervisor is killed.

It runs as a script and needs only the standard library. It reads ``+<group>`` and ``-<group>`` lines from
stdin; the end of stdin means that the supervisor died. Files that it inherits open (the lock of the data
folder) stay locked until it has ended the last child.
"""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable

GRACE = 8.0  # seconds between SIGTERM and SIGKILL


def send(kill: Callable[[int, int], None], target: int, number: int) -> bool:
    """Send ``number`` to a process or group with ``os.kill`` or ``os.killpg``; return whether it exists."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        kill(target, number)
        return True
    return False


def end(groups: set[int]) -> None:
    """Send SIGTERM to the leaders; kill each group when its leader has ended or after ``GRACE`` seconds."""
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
    """Maintain the set of groups until stdin ends, then end them all."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # only the end of the supervisor matters
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
