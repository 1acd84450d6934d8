"""A CUPS server as those see it who print there and operate it, by CUPS's own programs."""

import subprocess
from collections.abc import Sequence
from itertools import count

from demo.cups_files import program
from demo.ipptool import Answer, Group, request

NULL_DEVICE = "file:///dev/null"
SECONDS = 60
IS_CLASS = 1  # a bit of printer-type


class CupsServer:
    """The server at ``host`` (``127.0.0.1:631``).

    ``passwords`` are those of users who have a login there; what takes an operator is done as the first of
    the ``operators``.
    """

    def __init__(self, host: str, passwords: dict[str, str], operators: list[str]) -> None:
        self.host = host
        self.uri = f"ipp://{host}/"
        self.passwords = passwords
        self._operators = operators
        self._names = (f"queue{number}" for number in count(1))

    def logs(self) -> str:
        """Return the ends of its logs where they can be read, for the message of a failure."""
        return ""

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
        answer = self.ipptool(operation, *attributes, queue=queue, job=job, login=self._operators[0])
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

    def _run(self, command: list[str], document: bytes = b"") -> str:
        done = subprocess.run(
            command,
            input=document,
            capture_output=True,
            env={"LC_ALL": "C.UTF-8", "HOME": "/nonexistent"},
            start_new_session=True,  # without a terminal it cannot ask for a password
            timeout=SECONDS,
        )
        if done.returncode:
            words = done.stderr.decode(errors="replace").strip()
            raise subprocess.CalledProcessError(done.returncode, command, done.stdout, words)
        return done.stdout.decode()
