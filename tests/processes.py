"""What tests ask the machine about processes, from its own table."""

import os
import signal
from pathlib import Path

from printmgmt.services import process


def is_running(pid: int) -> bool:
    """Whether ``pid`` runs; one that ended and only waits to be reaped does not."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return status.rpartition(")")[2].split()[0] not in {"Z", "X"}


def descendants(pid: int) -> list[int]:
    """The ids of all processes below ``pid``, grandchildren included."""
    found: list[int] = []
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, children.read_text().split()):
            found += [child, *descendants(child)]
    return found


def wait_for_exit(pids: list[int], *, within: float) -> bool:
    """Whether none of ``pids`` runs any more ``within`` seconds."""
    return process.wait_until(lambda: not any(map(is_running, pids)), timeout=within, interval=0.05)


def commandline(pid: int) -> str:
    """The command line of ``pid``, its words joined by spaces; empty once it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def kill(pid: int) -> None:
    """SIGKILL ``pid`` alone."""
    os.kill(pid, signal.SIGKILL)
