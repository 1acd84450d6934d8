"""The data folder is for its owner's eyes: it holds the database, the mails and the secrets."""

import os
import stat
from pathlib import Path

OTHERS = stat.S_IRWXG | stat.S_IRWXO


class NotOurs(PermissionError):
    """The folder is open to others, and only its owner could close it."""


def make_private(folder: Path) -> bool:
    """Make ``folder`` unless it is there, and close it to everybody else; return whether it was open.

    Raises ``NotOurs`` where it is open and somebody else's, ``OSError`` for what the disk says.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.stat()
    if not found.st_mode & OTHERS:
        return False
    if found.st_uid != os.geteuid():
        raise NotOurs(folder)
    folder.chmod(stat.S_IMODE(found.st_mode) & ~OTHERS)
    return True
