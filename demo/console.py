"""The console under demonstration: `manage.py up` on an empty data folder of its own."""

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from typing import Self

from demo.commands import ROOT

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
        LOCK.parent.mkdir(exist_ok=True)
        self._lock = LOCK.open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._lock.close()
            raise NotReady("another demo is running in this folder") from None
        shutil.rmtree(DATA, ignore_errors=True)
        DATA.mkdir(parents=True)
        self._log = LOG.open("w", encoding="utf-8")
        # A session of its own: Ctrl-C is for the demo, which then ends the console in order.
        self._process = subprocess.Popen(
            [sys.executable, "manage.py", "up"],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )
        self._ready = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        try:
            self._wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(STOP_SECONDS)
        if self._process.stdout:
            self._process.stdout.close()
        self._log.close()
        self._lock.close()

    def wait(self) -> int:
        """Block until the console ends by itself; return its exit code."""
        return self._process.wait()

    def _read(self) -> None:
        """Drain its output for as long as it runs: a full pipe would stop it."""
        for line in self._process.stdout or ():
            self._log.write(line)
            self._log.flush()
            if line.startswith("ready "):
                self.url = line.split()[1]
                self._ready.set()

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self._ready.wait(0.1):
            if self._process.poll() is not None:
                raise NotReady(f"manage.py up ended with {self._process.returncode}: {last_words()}")
            if time.monotonic() > deadline:
                raise NotReady(f"manage.py up was not ready within {START_SECONDS} s: {last_words()}")


def last_words() -> str:
    """Return the last line of the console's log and where the rest is."""
    lines = LOG.read_text(encoding="utf-8").splitlines() or ["it said nothing"]
    return f"{lines[-1]} (see {LOG.relative_to(ROOT)})"
