"""Ensures that only one console runs per data folder."""

import contextlib
import fcntl
import os
from pathlib import Path

from printmgmt.services import process


class AlreadyRunning(Exception):
    """Another `manage.py up` serves this data folder; ``pid`` is its process."""

    def __init__(self, pid: int) -> None:
        super().__init__(f"process {pid} runs there")
        self.pid = pid


def lock_folder(folder: Path, *, patience: float) -> int:
    """Lock ``folder`` and return the open descriptor; closing it, or dying, unlocks.

    If the holder was killed, `guard.py` has its lock until it has ended the children. Waits for it for up to
    ``patience`` seconds. Raises ``AlreadyRunning`` if the holder is alive or the lock is not released.
    """
    descriptor = os.open(folder / "up.lock", os.O_RDWR | os.O_CREAT, 0o600)

    def locked() -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    if not locked():
        holder = int(os.pread(descriptor, 20, 0) or b"0")
        if _is_alive(holder) or not process.wait_until(locked, timeout=patience, interval=0.1):
            os.close(descriptor)
            raise AlreadyRunning(holder)
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode(), 0)
    return descriptor


def _is_alive(pid: int) -> bool:
    with contextlib.suppress(ProcessLookupError):
        if pid > 0:
            with contextlib.suppress(PermissionError):  # the process of another user, so it is alive
                os.kill(pid, 0)
            return True
    return False
