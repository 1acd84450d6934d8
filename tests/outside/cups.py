"""A private cupsd with Debian's stock policy, an operator login, and CUPS's own programs to use it with.

It needs neither root nor accounts (libpam-wrapper, libnss-wrapper) and is found on a free loopback port.
"""

import os
import plistlib
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.outside.cups_files import LOG, START_OF_POLICY, write_files

ADDRESS = "127.0.0.1"
OPERATOR, PASSWORD = "operator", "Operator-pass1"
PROGRAMS = os.environ["PATH"] + ":/usr/sbin:/sbin"
CLEAN = {"LC_ALL": "C.UTF-8", "HOME": "/nonexistent"}
NULL, STUCK = "file:///dev/null", f"ipp://{ADDRESS}:9/ipp/print"
STARTED = "Resuming new connection processing"


class PrivateCups:
    """A context: the server runs inside it, and nothing of it is left afterwards."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="prove-the-cut-cups-"))
        # Bound and never listening: the kernel gives the port to nobody else until cupsd listens on it.
        self._holder = socket.socket()
        self._holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._holder.bind((ADDRESS, 0))
        self.host = f"{ADDRESS}:{self._holder.getsockname()[1]}"
        self.uri = f"ipp://{self.host}/"
        self.password_file = self.folder / "password"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "PrivateCups":
        write_files(self.folder, self.host, OPERATOR, PASSWORD)
        # A copy: with AppArmor, cupsd in its usual place may touch the machine's own folders only.
        cupsd = shutil.copy(program("cupsd"), self.folder)
        options: dict[str, Any] = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            options = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            for path in (self.folder, *self.folder.rglob("*")):
                os.chown(path, nobody.pw_uid, nobody.pw_gid)
        self._process = subprocess.Popen(
            [cupsd, "-f", "-c", self.folder / "cupsd.conf", "-s", self.folder / "cups-files.conf"],
            env={
                "PATH": PROGRAMS,
                "LD_PRELOAD": "libpam_wrapper.so libnss_wrapper.so",
                "PAM_WRAPPER": "1",
                "PAM_WRAPPER_SERVICE_DIR": str(self.folder / "pam"),
                "NSS_WRAPPER_PASSWD": str(self.folder / "passwd"),
                "NSS_WRAPPER_GROUP": str(self.folder / "group"),
            },
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            **options,
        )
        self._wait_for_start(1)
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._holder.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def put_first_in_policy(self, block: str) -> None:
        """Put lines first inside ``<Policy default>`` and have the server read them (SIGHUP)."""
        path = self.folder / "cupsd.conf"
        before, start, after = path.read_text().partition(START_OF_POLICY)
        path.write_text(before + start + block + after)
        assert self._process is not None
        starts = (self.folder / LOG).read_text(errors="replace").count(STARTED)
        self._process.send_signal(signal.SIGHUP)
        self._wait_for_start(starts + 1)

    def add_queue(
        self, name: str, device: str, *, stopped: bool = False, allowed: tuple[str, ...] = ()
    ) -> None:
        """Make a raw queue that is shared and accepts jobs, from ``allowed`` people only if there are any."""
        names = ",".join(f'"{each}"' for each in allowed)
        self.ask(
            "CUPS-Add-Modify-Printer",
            "GROUP printer-attributes-tag",
            f"ATTR uri device-uri {device}",
            f"ATTR enum printer-state {5 if stopped else 3}",
            "ATTR boolean printer-is-accepting-jobs true",
            "ATTR boolean printer-is-shared true",
            *([f"ATTR name requesting-user-name-allowed {names}"] if allowed else []),
            queue=name,
            operator=True,
        )

    def lp(self, queue: str, owner: str, *options: str) -> int:
        """Print a line of text with `lp` as ``owner``; return the job's number, 0 if it is refused."""
        done = subprocess.run(
            [program("lp"), "-U", owner, "-h", self.host, "-d", queue, "-t", "Letter", *options, "--", "-"],
            input=b"A line of text.\n",
            capture_output=True,
            env=CLEAN,
            start_new_session=True,
            timeout=60,
        )
        said = done.stdout.decode()  # request id is queue-12 (0 file(s))
        return int(said.split(" (")[0].rpartition("-")[2]) if done.returncode == 0 else 0

    def names_of(self, queue: str) -> dict[str, list[str]]:
        """Return the list of a queue as anyone can read it: ``denied`` or ``allowed`` names, or nothing."""
        wanted = "printer-name,requesting-user-name-denied,requesting-user-name-allowed"
        said = self.ask("Get-Printer-Attributes", f"ATTR keyword requested-attributes {wanted}", queue=queue)
        lists = {}
        for name, value in said["ResponseAttributes"][1].items():
            if name.startswith("requesting-user-name-"):
                lists[name.rpartition("-")[2]] = sorted([value] if isinstance(value, str) else value)
        return lists

    def job(self, number: int) -> dict[str, Any]:
        """Return what the operator is told of a job; empty if there is none."""
        said = self.ask("Get-Job-Attributes", job=number, operator=True)
        return dict(said["ResponseAttributes"][1]) if len(said["ResponseAttributes"]) > 1 else {}

    def ask(  # noqa: PLR0913 (an IPP request has these parts)
        self,
        operation: str,
        *lines: str,
        queue: str = "",
        job: int = 0,
        user: str = "",
        operator: bool = False,
    ) -> dict[str, Any]:
        """Send a request with `ipptool`; return its account of the answer, ``StatusCode`` among it.

        ``lines`` are those of ipptoolfile(5). ``user`` is the name that is claimed; ``operator``: log in as
        the operator instead.
        """
        login, path = (f"{OPERATOR}:{PASSWORD}@", "admin/conf/") if operator else ("", "")
        target = f"ATTR uri printer-uri ipp://{self.host}/{f'printers/{queue}' if queue else ''}"
        if job:
            target = f"ATTR uri job-uri ipp://{self.host}/jobs/{job}"
        text = [
            f"OPERATION {operation}",
            "GROUP operation-attributes-tag",
            "ATTR charset attributes-charset utf-8",
            "ATTR naturalLanguage attributes-natural-language en",
            target,
            f'ATTR name requesting-user-name "{OPERATOR if operator else user}"',
            *lines,
        ]
        with tempfile.NamedTemporaryFile("w", suffix=".test", encoding="utf-8") as file:
            file.write("{\n" + "\n".join(text) + "\n}\n")
            file.flush()
            done = subprocess.run(
                [program("ipptool"), "-X", "-T", "60", f"ipp://{login}{self.host}/{path}", file.name],
                capture_output=True,
                env=CLEAN,
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # without a terminal it cannot ask for a password
                timeout=120,
            )
        return dict(plistlib.loads(done.stdout)["Tests"][0])

    def _wait_for_start(self, times: int) -> None:
        log, deadline = self.folder / LOG, time.monotonic() + 60
        while not log.exists() or log.read_text(errors="replace").count(STARTED) < times:
            if time.monotonic() > deadline:
                raise RuntimeError(f"cupsd did not start: {log.read_text() if log.exists() else 'no log'}")
            time.sleep(0.02)
        time.sleep(0.2)  # SIGHUP ends it until it handles it


def program(name: str) -> str:
    """Return the path of one of CUPS's programs."""
    if found := shutil.which(name, path=PROGRAMS):
        return found
    raise RuntimeError(f"{name} is not installed: tools/ensure-cups.sh installs it where it can")
