"""A private CUPS server: a real cupsd with Debian's stock policy, an operator login and ordinary users.

It needs neither root nor accounts (libpam-wrapper and libnss-wrapper), listens on a free loopback port only
and ends with the process that started it.
"""

import hashlib
import os
import shutil
import ssl
from collections.abc import Mapping
from typing import Self

from demo import cups_files
from demo.cups_files import NoCups
from demo.cups_process import CupsProcess
from demo.cups_server import CupsServer
from demo.own_folder import OwnFolder
from demo.ports import ADDRESS, hold_port

PREFIX = "printmgmt-cups-"
OPERATOR = "operator"
# Invented; they protect nothing.
PASSWORDS = {OPERATOR: "Operator-pass1", "alice": "Alice-pass1", "bob": "Bob-pass1"}
# Nobody answers on port 9 here: a job sent there stays "processing" and is tried again and again.
STUCK_DEVICE = f"ipp://{ADDRESS}:9/ipp/print"
SECONDS = 60


class PrivateCups(CupsServer):
    """One cupsd in a temporary folder, as a context: started inside it and removed at its end.

    A folder whose process was killed is removed when the next one is made.

    ``settings`` replace lines of cupsd.conf (``{"MaxJobs": "0"}``). The port stays the same for life, also
    while the server is down; nothing else can get it in the meantime.
    """

    def __init__(self, settings: Mapping[str, str] | None = None) -> None:
        if lacking := cups_files.missing():
            raise NoCups(f"not installed: {', '.join(lacking)}; tools/ensure-cups.sh does it where it can")
        self._own = OwnFolder(PREFIX)
        self.folder = self._own.path
        self._settings = dict(settings or {})
        self._port_holder = hold_port()
        self.port: int = self._port_holder.getsockname()[1]
        super().__init__(f"{ADDRESS}:{self.port}", dict(PASSWORDS), [OPERATOR])
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
        self._own.remove()

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

    # Inside

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
