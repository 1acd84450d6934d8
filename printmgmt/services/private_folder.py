"""Makes the data folder private: it has the database, the mails and the secrets."""

import os
import stat
from pathlib import Path

OTHERS = stat.S_IRWXG | stat.S_IRWXO


class NotOurs(PermissionError):
    """The folder is open to others and belongs to another user."""


def make_private(folder: Path) -> bool:
    """Create ``folder`` if necessary and close it to other users; return whether it was open to them.

    Raises ``NotOurs`` if it is open and belongs to another user, ``OSError`` for file system errors.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.stat()
    if not found.st_mode & OTHERS:
        return False
    if found.st_uid != os.geteuid():
        raise NotOurs(folder)
    folder.chmod(stat.S_IMODE(found.st_mode) & ~OTHERS)
    return True
