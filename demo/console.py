"""The console under demonstration: `manage.py up` on an empty data folder of its own."""

import fcntl
import os
import shutil
import socket
import sys
from typing import IO, Self

from demo.commands import ROOT
from printmgmt.services import process

DATA = ROOT / "data" / "demo"
LOG = DATA / "console.log"
LOCK = ROOT / "data" / "demo.lock"
START_SECONDS = 90
STOP_SECONDS = 15


class NotReady(Exception):
    """The console did not come up; the message says where its log is."""


def free_port(wanted: int = 8000) -> int:
    """Return `wanted` when nothing listens there, else a free port the system chooses."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise NotReady("no free port")


def environment(port: int) -> dict[str, str]:
    """Return the environment of the embedded default: settings made for real must not reach a demo."""
    settings = {
        "DATA_DIR": str(DATA),
        "DATABASE_URL": f"sqlite:///{DATA / 'console.sqlite3'}",
        "EMAIL_URL": f"file://{DATA / 'mail'}",
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "PRODUCTION": "false",
        "DEBUG": "false",
        "PYTHONUNBUFFERED": "1",
    }
    return {**os.environ, **settings, "BROKER_URL": "", "SECRET_KEY": "", "CREDENTIAL_KEYS": ""}


class Console:
    """A context: the console is up inside it, and nothing of it is left behind afterwards."""

    def __init__(self, port: int) -> None:
        self.environment = environment(port)
        self.url = ""

    def __enter__(self) -> Self:
        with lock() as held:
            shutil.rmtree(DATA, ignore_errors=True)
            DATA.mkdir(parents=True)
            with LOG.open("wb") as log:
                # The lock goes with the console: it is free when the console has ended, not when we have.
                self._process = process.start(
                    [sys.executable, "manage.py", "up"],
                    cwd=ROOT,
                    env=self.environment,
                    output=log,
                    pass_fds=[held.fileno()],
                )
        try:
            self._wait_until_ready()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        process.stop(self._process, grace=STOP_SECONDS)

    def wait(self) -> int:
        """Block until the console ends by itself; return its exit code."""
        return self._process.wait()

    def _wait_until_ready(self) -> None:
        ended = process.wait_until(
            lambda: bool(ready_line()) or self._process.poll() is not None,
            timeout=START_SECONDS,
            interval=0.1,
        )
        if not (line := ready_line()):
            what = (
                f"ended with {self._process.returncode}" if ended else f"not ready within {START_SECONDS} s"
            )
            last = (LOG.read_text(encoding="utf-8").splitlines() or ["it said nothing"])[-1]
            raise NotReady(f"manage.py up: {what}: {last} (see {LOG.relative_to(ROOT)})")
        self.url = line.split()[1]


def lock() -> IO[bytes]:
    """Return the locked file that keeps a second demo off the data folder; NotReady when it is held."""
    LOCK.parent.mkdir(exist_ok=True)
    file = LOCK.open("wb")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise NotReady("another demo is running in this folder") from None
    return file


def ready_line() -> str:
    """Return the line by which the console says that it answers, "" as long as it has not."""
    lines = LOG.read_text(encoding="utf-8").splitlines(keepends=True)
    return next((line for line in lines if line.startswith("ready ") and line.endswith("\n")), "")
