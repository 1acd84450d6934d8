"""A private CUPS server: a real cupsd with Debian's stock policy, an operator login and ordinary users.

It needs neither root nor accounts (libpam-wrapper and libnss-wrapper), listens on a free loopback port only
and ends with the process that started it.
"""

import hashlib
import os
import shutil
import ssl
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Self

from demo import cups_files
from demo.cups_files import NoCups, program
from demo.cups_process import CupsProcess
from demo.ipptool import Answer, Group, request
from demo.ports import ADDRESS, hold_port

OPERATOR = "operator"
# Invented; they protect nothing.
PASSWORDS = {OPERATOR: "Operator-pass1", "alice": "Alice-pass1", "bob": "Bob-pass1"}
NULL_DEVICE = "file:///dev/null"
# Nobody answers on port 9 here: a job sent there stays "processing" and is tried again and again.
STUCK_DEVICE = f"ipp://{ADDRESS}:9/ipp/print"
SECONDS = 60
IS_CLASS = 1  # a bit of printer-type


class PrivateCups:
    """One cupsd in a temporary folder, as a context: started inside it and removed at its end.

    ``settings`` replace lines of cupsd.conf (``{"MaxJobs": "0"}``). The port stays the same for life, also
    while the server is down; nothing else can get it in the meantime.
    """

    def __init__(self, settings: Mapping[str, str] | None = None) -> None:
        if lacking := cups_files.missing():
            raise NoCups(f"not installed: {', '.join(lacking)}; tools/ensure-cups.sh does it where it can")
        self.folder = Path(tempfile.mkdtemp(prefix="printmgmt-cups-"))
        self.passwords = dict(PASSWORDS)
        self._settings = dict(settings or {})
        self._operators = [OPERATOR]
        self._names = (f"queue{number}" for number in count(1))
        self._port_holder = hold_port()
        self.port: int = self._port_holder.getsockname()[1]
        self.host = f"{ADDRESS}:{self.port}"
        self.uri = f"ipp://{self.host}/"
        for name in cups_files.NEEDED_FOLDERS:
            (self.folder / name).mkdir()
        self._write_configuration()
        self._write_users()
        self._process = CupsProcess(self.folder)

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Its life

    @property
    def is_running(self) -> bool:
        """Whether it was started and neither ended nor was ended since."""
        return self._process.is_running

    @property
    def pid(self) -> int:
        """The process id of the running cupsd, which is also its process group."""
        return self._process.started.pid

    def start(self) -> None:
        """Start it and wait until it answers. ``NoCups`` with its logs if it does not."""
        self._process.start()

    def stop(self) -> None:
        """End it as an operator would (SIGTERM); the folder stays, with all it was told."""
        self._process.stop()

    def kill(self) -> None:
        """SIGKILL it: what it has not written yet (up to 30 seconds' worth) is lost."""
        self._process.kill()

    def restart(self) -> None:
        """Stop and start it: queues and jobs stay."""
        self.stop()
        self.start()

    def rebuild(self) -> None:
        """Start it with spool and cache emptied, as after a new installation: job ids begin at 1 again.

        The queues stay, without their jobs.
        """
        self.stop()
        for name in ("spool", "cache"):
            for path in (self.folder / name).iterdir():
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        self.start()

    def close(self) -> None:
        """Stop it and remove its folder; the port is free again."""
        self.stop()
        self._port_holder.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def logs(self) -> str:
        """Return the ends of its logs, for the message of a failure."""
        return self._process.logs()

    # How it is configured

    def policy(self, block: str = "", **directives: str) -> None:
        """Put ``block`` first inside ``<Policy default>``, replace ``directives`` in it, and have it read.

        ``policy()`` brings the stock policy back. ``policy(JobPrivateValues="none")`` shows owners to all.
        It takes 10 ms; while a job prints up to 30 seconds, as everywhere.
        """
        self._write_configuration(block, directives)
        self._process.reload()

    @property
    def has_stock_policy(self) -> bool:
        """Whether its cupsd.conf is the one it began with (its operator can write another over HTTP)."""
        return (self.folder / "cupsd.conf").read_text() == self._configuration()

    def add_user(self, name: str, password: str, *, operator: bool = False) -> None:
        """Make a login; an ``operator`` belongs to the group lpadmin. It holds at once."""
        self.passwords[name] = password
        if operator:
            self._operators.append(name)
        self._write_users()

    # What it speaks TLS with, on the same port

    @property
    def https(self) -> str:
        """The address for TLS. Its certificate names the machine, not 127.0.0.1."""
        return f"https://{self.host}/"

    @property
    def certificate(self) -> str:
        """Its self-made certificate as PEM, made by the first connection."""
        return ssl.get_server_certificate((ADDRESS, self.port), timeout=SECONDS)

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of its certificate in 64 small hexadecimal digits."""
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(self.certificate)).hexdigest()

    # What is asked of it, all by CUPS's own programs

    def ipptool(
        self,
        operation: str,
        *attributes: str,
        queue: str = "",
        job: int | None = None,
        user: str = "",
        login: str = "",
        path: str = "",
    ) -> Answer:
        """Send one IPP request (see ``demo.ipptool.request``) to the server, to a ``queue`` or a ``job``.

        ``user`` is the name claimed, ``login`` the name of a user whose password is sent when asked for.
        For the operator it always is: ``/admin/conf/`` answers nobody else.
        """
        path = path or ("/admin/conf/" if login in self._operators else "/")
        address = f"{login}:{self.passwords[login]}@{self.host}" if login else self.host
        kind = "classes" if operation.endswith("-Class") else "printers"
        target = f"uri printer-uri ipp://{self.host}/{f'{kind}/{queue}' if queue else ''}"
        if job is not None:
            target = f"uri job-uri ipp://{self.host}/jobs/{job}"
        return request(f"ipp://{address}{path}", operation, (target, *attributes), user=user or login)

    def operate(self, operation: str, *attributes: str, queue: str = "", job: int | None = None) -> Answer:
        """Send a request as operator that must succeed. ``RuntimeError`` with the logs if it does not."""
        answer = self.ipptool(operation, *attributes, queue=queue, job=job, login=OPERATOR)
        if not answer.is_ok:
            raise RuntimeError(f"{operation}: {answer.status}\n{self.logs()}")
        return answer

    def add_queue(
        self,
        name: str = "",
        device: str = NULL_DEVICE,
        *,
        stopped: bool = False,
        accepting: bool = True,
        shared: bool = True,
        attributes: Sequence[str] = (),
    ) -> str:
        """Make a raw queue, or change it, and return its name (a new one if none is given).

        ``stopped``: it takes jobs and prints none. ``attributes``: more printer attributes
        (``name printer-op-policy authenticated``, ``keyword job-hold-until-default indefinite``).
        """
        name = name or next(self._names)
        self.operate(
            "CUPS-Add-Modify-Printer",
            "GROUP printer-attributes-tag",
            f"uri device-uri {device}",
            f"enum printer-state {5 if stopped else 3}",
            f"boolean printer-is-accepting-jobs {str(accepting).lower()}",
            f"boolean printer-is-shared {str(shared).lower()}",
            *attributes,
            queue=name,
        )
        return name

    def queues(self) -> list[str]:
        """Return the names of its queues."""
        answer = self.ipptool("CUPS-Get-Printers", "keyword requested-attributes printer-name")
        return [group["printer-name"] for group in answer.groups]

    def remove_queues(self) -> None:
        """Delete all queues and classes and with them their jobs, past ones included."""
        wanted = "keyword requested-attributes printer-name,printer-type"
        for queue in self.ipptool("CUPS-Get-Printers", wanted).groups:
            kind = "Class" if queue["printer-type"] & IS_CLASS else "Printer"
            self.operate(f"CUPS-Delete-{kind}", queue=queue["printer-name"])

    def submit(
        self,
        queue: str,
        owner: str,
        *,
        title: str = "Letter",
        hold: str = "",
        copies: int = 1,
        document: bytes = b"A page.\n",
        options: Sequence[str] = (),
    ) -> int:
        """Print with `lp` as ``owner`` and return the job's id. ``CalledProcessError`` if it is refused.

        ``hold``: as `lp -H` has it (``indefinite``, ``night``, ``18:00``); ``options``: as `lp -o`.
        """
        command = [program("lp"), "-U", owner, "-h", self.host, "-d", queue, "-t", title, "-n", str(copies)]
        command += ["-H", hold] if hold else []
        command += [part for option in options for part in ("-o", option)]
        said = self._run([*command, "--", "-"], document)  # request id is queue-12 (0 file(s))
        return int(said.split(" (")[0].rpartition("-")[2])

    def lpstat(self, *arguments: str, user: str = "nobody") -> str:
        """Return what `lpstat` prints, asked under the claimed name ``user``."""
        return self._run([program("lpstat"), "-U", user, "-h", self.host, *arguments])

    def jobs(self, queue: str = "", which: str = "all") -> list[Group]:
        """Return the jobs the operator sees, with all their attributes, in the order of their ids."""
        answer = self.operate(
            "Get-Jobs", f"keyword which-jobs {which}", "keyword requested-attributes all", queue=queue
        )
        return sorted(answer.groups, key=lambda job: int(job["job-id"]))

    def job(self, number: int) -> Group:
        """Return the attributes of a job as the operator sees them. ``RuntimeError`` if there is none."""
        return self.operate("Get-Job-Attributes", job=number).groups[0]

    # Inside

    def _run(self, command: list[str], document: bytes = b"") -> str:
        done = subprocess.run(
            command,
            input=document,
            capture_output=True,
            env={"LC_ALL": "C.UTF-8", "HOME": str(self.folder / "nowhere")},
            start_new_session=True,  # without a terminal it cannot ask for a password
            timeout=SECONDS,
        )
        if done.returncode:
            words = done.stderr.decode(errors="replace").strip()
            raise subprocess.CalledProcessError(done.returncode, command, done.stdout, words)
        return done.stdout.decode()

    def _configuration(self, block: str = "", directives: Mapping[str, str] | None = None) -> str:
        return cups_files.daemon_configuration(self.host, self._settings, block, directives or {})

    def _write_configuration(self, block: str = "", directives: Mapping[str, str] | None = None) -> None:
        (self.folder / "cupsd.conf").write_text(self._configuration(block, directives))
        (self.folder / "cups-files.conf").write_text(cups_files.file_configuration(self.folder))

    def _write_users(self) -> None:
        for name, text in cups_files.user_files(self.folder, self.passwords, self._operators).items():
            path = self.folder / name
            before = path.stat().st_mtime if path.exists() else 0
            path.write_text(text)
            # libnss-wrapper reads a file again when it is newer by a whole second.
            now = max(path.stat().st_mtime, before + 1)
            os.utime(path, (now, now))
