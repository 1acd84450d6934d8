"""The console under demonstration: `manage.py up` on an empty data folder of its own."""

import fcntl
import os
import shutil
import sys
from pathlib import Path
from typing import IO, Self

from demo.commands import ROOT
from printmgmt.services import process
from printmgmt.services.listener import listen

ADDRESS = "127.0.0.1"
USUAL_PORT = 8000
START_SECONDS = 180
STOP_SECONDS = 15

# Variables that a demo takes from the environment. Every other one of `.env.example` is set below.
KEPT = {"LOG_LEVEL", "WEB_CONCURRENCY", "SWEEP_SECONDS", "DATABASE_KEEP_SECONDS", "DEFAULT_FROM_EMAIL"}
KEPT |= {"PRINT_JOBS_SECONDS", "PRINT_QUEUES_SECONDS", "ACCESS_TOKEN_MINUTES"}
KEPT |= {"SCIM_REQUESTS_PER_SECOND", "SCIM_REQUESTS_AT_ONCE"}


class NotReady(Exception):
    """The console did not come up; the message says why, or where its log is."""


def choose_port(wanted: int | None) -> int:
    """Return ``wanted`` where nothing listens there; without it 8000, or a free one when that is taken.

    Raises ``NotReady`` when ``wanted`` is not to be had.
    """
    for port in (wanted,) if wanted else (USUAL_PORT, 0):
        try:
            with listen(ADDRESS, port) as probe:
                return int(probe.getsockname()[1])
        except OSError as error:
            reason = error.strerror
    if wanted:
        raise NotReady(
            f"Cannot listen on port {wanted}: {reason}. Give another (make demo PORT={wanted + 1}), or none:"
            f" then it is {USUAL_PORT}, or a free one."
        )
    raise NotReady(f"No free port on {ADDRESS}: {reason}.")


class Folder:
    """Where a demo keeps its data: ``demo`` below ``DATA_DIR``, emptied at every start."""

    def __init__(self, data_dir: Path) -> None:
        self.data = data_dir.resolve() / "demo"
        self.log = self.data / "console.log"
        self.lock_file = self.data.with_suffix(".lock")

    def environment(self, port: int) -> dict[str, str]:
        """Return the environment of the embedded default: settings made for real must not reach a demo."""
        settings = {
            "DATA_DIR": str(self.data),
            "DATABASE_URL": f"sqlite:///{self.data / 'console.sqlite3'}",
            "EMAIL_URL": f"file://{self.data / 'mail'}",
            "EXPORT_ROOT": str(self.data / "exports"),
            "EXPORT_ALLOW_PRIVATE": "false",
            "OUTBOUND_ALLOW": ADDRESS,  # the print server of the demo
            "BIND_ADDRESS": ADDRESS,
            "PORT": str(port),
            "PUBLIC_URL": f"http://{ADDRESS}:{port}",
            "ALLOWED_HOSTS": "",
            "TRUSTED_PROXIES": "0",
            "STATIC_MANIFEST": "true",
            "PRODUCTION": "false",
            "DEBUG": "false",
            "BROKER_URL": "",
            "SECRET_KEY": "",
            "CREDENTIAL_KEYS": "",
            "RECEIPT_KEYS": "",
            "ENTRA_KEYS_ORIGIN": "",
            "PYTHONUNBUFFERED": "1",
        }
        return os.environ | settings

    def lock(self) -> IO[bytes]:
        """Return the locked file that keeps a second demo off the folder; ``NotReady`` when it is held."""
        self.lock_file.parent.mkdir(parents=True, exist_ok=True)
        file = self.lock_file.open("wb")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            raise NotReady(f"Another demo is running on {self.data}; stop it, or set DATA_DIR.") from None
        return file

    def clear(self) -> None:
        """Make the folder again. ``NotReady`` when something stands there that no demo has made."""
        if self.data.exists() and any(self.data.iterdir()) and not self.log.exists():
            raise NotReady(f"{self.data} is not the folder of a demo; set DATA_DIR to another.")
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir(parents=True)

    def ready_line(self) -> str:
        """Return the line by which the console says that it answers, "" as long as it has not."""
        lines = self.log.read_text(encoding="utf-8").splitlines(keepends=True)
        return next((line for line in lines if line.startswith("ready ") and line.endswith("\n")), "")


class Console:
    """A context: the console is up inside it, and nothing of it is left behind afterwards."""

    def __init__(self, folder: Folder, port: int) -> None:
        self.environment = folder.environment(port)
        self.url = ""
        self._folder = folder

    def __enter__(self) -> Self:
        with self._folder.lock() as held:
            self._folder.clear()
            with self._folder.log.open("wb") as log:
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
            lambda: bool(self._folder.ready_line()) or self._process.poll() is not None,
            timeout=START_SECONDS,
            interval=0.1,
        )
        if not (line := self._folder.ready_line()):
            what = (
                f"ended with {self._process.returncode}" if ended else f"not ready within {START_SECONDS} s"
            )
            log = self._folder.log
            last = (log.read_text(encoding="utf-8").splitlines() or ["it printed nothing"])[-1]
            raise NotReady(f"manage.py up: {what}: {last} (see {log})")
        self.url = line.split()[1]
