"""The process of a private cupsd: started on a folder of files, watched through its log, ended."""

import os
import pwd
import shutil
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

from demo.cups_files import NoCups, environment, program
from printmgmt.services import process

START_SECONDS = 20
RELOAD_SECONDS = 45  # cupsd lets a job print for up to 30 seconds before it reads its files again
STOP_SECONDS = 10
ACCEPTS = "Resuming new connection processing"  # in the log after every start and every reload


class CupsProcess:
    """At most one cupsd on ``folder``, which has its configuration and is handed to the user it runs as."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # A copy: with AppArmor, cupsd in its usual place may touch the machine's own folders only.
        self._program = shutil.copy(program("cupsd"), folder)
        self._running: subprocess.Popen[bytes] | None = None
        self._run_as: process.RunAs = {}
        if os.geteuid() == 0:  # as nobody it does the same as for everyone who is not root
            nobody = pwd.getpwnam("nobody")
            self._run_as = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            for path in (folder, *folder.rglob("*")):
                os.chown(path, nobody.pw_uid, nobody.pw_gid)

    @property
    def is_running(self) -> bool:
        """Whether it was started and neither ended nor was ended since."""
        return self._running is not None and self._running.poll() is None

    @property
    def started(self) -> "subprocess.Popen[bytes]":
        """The process. ``NoCups`` when it was not started."""
        if self._running is None:
            raise NoCups("cupsd was not started")
        return self._running

    def start(self) -> None:
        """Start it and wait until it answers. ``NoCups`` with its logs if it does not."""
        seen = self._accepted()
        files = ("-c", str(self._folder / "cupsd.conf"), "-s", str(self._folder / "cups-files.conf"))
        with (self._folder / "log" / "output").open("ab") as output:
            self._running = process.start(
                [str(self._program), "-f", *files],
                env=environment(self._folder),
                cwd=self._folder,
                output=output,
                run_as=self._run_as,
            )
        self._wait(seen, START_SECONDS)
        # It takes connections a moment before it handles SIGHUP, which would end it until then.
        process.wait_until(
            lambda: self._handles_reload() or not self.is_running, timeout=START_SECONDS, interval=0.01
        )

    def reload(self) -> None:
        """Have it read its configuration again and wait until it has. ``NoCups`` if it does not."""
        seen = self._accepted()
        self.started.send_signal(signal.SIGHUP)
        self._wait(seen, RELOAD_SECONDS)

    def stop(self) -> None:
        """SIGTERM it and wait for its end."""
        if self._running is not None:
            process.stop(self._running, grace=STOP_SECONDS)
            self._forget()

    def kill(self) -> None:
        """SIGKILL it with everything it started."""
        if self._running is not None:
            children = self._children()
            process.kill_group(self._running.pid)
            self._running.wait()
            for child in children:  # what prints is in a group of its own
                process.kill_group(child)
            self._forget()

    def logs(self) -> str:
        """Return the ends of its logs."""
        texts = []
        for name in ("output", "error_log", "access_log"):
            path = self._folder / "log" / name
            if path.exists():
                texts += [f"--- {name}", *path.read_text(errors="replace").splitlines()[-60:]]
        return "\n".join(texts)

    def _accepted(self) -> int:
        """How often the log says that it takes connections."""
        path = self._folder / "log" / "error_log"
        return path.read_text(errors="replace").count(ACCEPTS) if path.exists() else 0

    def _wait(self, seen: int, timeout: float) -> None:
        process.wait_until(
            lambda: self._accepted() > seen or not self.is_running, timeout=timeout, interval=0.01
        )
        if self._accepted() <= seen:
            said = self.logs()
            self.kill()
            raise NoCups(f"cupsd did not answer:\n{said}")

    def _handles_reload(self) -> bool:
        """Whether the process catches SIGHUP by now (SigCgt in proc(5))."""
        for line in Path(f"/proc/{self.started.pid}/status").read_text().splitlines():
            if line.startswith("SigCgt:"):
                return bool(int(line.split()[1], 16) & 1 << signal.SIGHUP - 1)
        return False

    def _children(self) -> list[int]:
        """The ids of its child processes, each of which leads a group."""
        tasks = Path(f"/proc/{self.started.pid}/task")
        return [int(child) for path in tasks.glob("*/children") for child in path.read_text().split()]

    def _forget(self) -> None:
        """Remove the folder that libpam-wrapper leaves in /tmp when cupsd had no time to do so."""
        for path in Path("/tmp").glob("pam.?/pid"):  # noqa: S108 (its name is in the library)
            with suppress(FileNotFoundError):  # another one ends at the same time
                if path.read_text().strip() == str(self.started.pid):
                    shutil.rmtree(path.parent, ignore_errors=True)
        self._running = None
