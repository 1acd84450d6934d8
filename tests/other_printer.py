"""A print server that is not CUPS: `ippeveprinter` as a child process.

One queue at ``/ipp/print``; it cannot hold, release or move jobs, knows no operator and no login, and lets
everyone cancel. It insists on a D-Bus for its announcements, which are off: it gets a private, empty one.
"""

import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Self

from demo.cups_files import program
from demo.ipptool import Answer, request
from demo.ports import ADDRESS, hold_port
from printmgmt.services import process

SECONDS = 20
BUS_CONFIGURATION = """<busconfig>
  <type>system</type>
  <listen>unix:path={folder}/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
  </policy>
</busconfig>
"""


class OtherPrinter:
    """One such printer as a context; ``uri`` is the address of its queue."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="printmgmt-ipp-"))
        self._port_holder = hold_port()
        self.port: int = self._port_holder.getsockname()[1]
        self.host = f"{ADDRESS}:{self.port}"
        self.uri = f"ipp://{self.host}/ipp/print"
        self._children: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        while self._children:
            process.stop(self._children.pop(), grace=5)
        self._port_holder.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def ipptool(self, operation: str, *attributes: str, job: int | None = None, user: str = "") -> Answer:
        """Send one IPP request (see ``demo.ipptool.request``) to its queue or to a ``job``."""
        target = f"uri printer-uri {self.uri}" if job is None else f"uri job-uri {self.uri}/{job}"
        return request(self.uri, operation, (target, *attributes), user=user)

    def submit(self, owner: str, *, title: str = "Letter") -> int:
        """Make a job that waits for its document (`pending-held`), and return its id."""
        answer = self.ipptool("Create-Job", f'name job-name "{title}"', user=owner)
        return int(answer.groups[0]["job-id"])

    def logs(self) -> str:
        """Return what it wrote."""
        log = self.folder / "log"
        return log.read_text(errors="replace")[-8000:] if log.exists() else ""

    def _start(self) -> None:
        bus = self.folder / "bus"
        (self.folder / "bus.conf").write_text(BUS_CONFIGURATION.format(folder=self.folder))
        self._run([program("dbus-daemon"), f"--config-file={self.folder}/bus.conf", "--nofork"])
        self._wait(bus.exists)
        spool = self.folder / "spool"
        self._run(
            [
                program("ippeveprinter"),
                "-r",
                "off",
                "-n",
                "localhost",
                "-p",
                str(self.port),
                "-d",
                str(spool),
                "Other",
            ]
        )
        self._wait(self._answers)

    def _run(self, command: list[str]) -> None:
        environment = {"HOME": str(self.folder), "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={self.folder}/bus"}
        with (self.folder / "log").open("ab") as output:
            self._children.append(process.start(command, env=environment, cwd=self.folder, output=output))

    def _wait(self, is_ready: Callable[[], bool]) -> None:
        last = self._children[-1]
        process.wait_until(lambda: is_ready() or last.poll() is not None, timeout=SECONDS, interval=0.01)
        if not is_ready():
            raise RuntimeError(f"{last.args!r} did not start:\n{self.logs()}")

    def _answers(self) -> bool:
        try:
            socket.create_connection((ADDRESS, self.port), timeout=1).close()
        except OSError:
            return False
        return True
