"""Temporary folders that are removed also when who made them was killed: by the next one who makes one."""

import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

MARKER: Final = "in-use"
"""A file in each folder, locked by the process that made it; the kernel ends the lock with the process."""


class OwnFolder:
    """A new temporary folder whose name begins with ``prefix``, at ``path``.

    Making one removes those of the same prefix whose process ended without removing them (SIGKILL).
    """

    def __init__(self, prefix: str) -> None:
        for left in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
            _remove_if_unused(left)
        self.path = Path(tempfile.mkdtemp(prefix=prefix))
        # Marked only once it is locked: between the two, another process would take it for one that was left.
        new = self.path / f"{MARKER}.new"
        self._lock: IO[bytes] = new.open("wb")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        new.rename(self.path / MARKER)

    def remove(self) -> None:
        """Remove it with everything in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        self._lock.close()


def _remove_if_unused(folder: Path) -> None:
    # Another user's, or one that another process removes at this moment.
    with suppress(OSError):
        marker = os.open(folder / MARKER, os.O_RDWR | os.O_NOFOLLOW)
        try:
            fcntl.flock(marker, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not folder.is_symlink():
                shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(marker)
