"""`manage.py up` as an operator runs it: a data folder, a port, one command."""

import os
import re
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from printmgmt.services import process
from printmgmt.services.listener import listen
from tests.processes import commandline, descendants, is_running, kill, wait_for_exit

BASE_DIR = Path(__file__).resolve().parents[2]
GIVEN = (
    "DATABASE_URL",
    "BROKER_URL",
    "PUBLIC_URL",
    "PORT",
    "DATA_DIR",
    "ALLOWED_HOSTS",
    "SECRET_KEY",
    "CREDENTIAL_KEYS",
    "RECEIPT_KEYS",
)
UNCHECKED = "--skip-checks"  # the checks take longer than what these commands do
# `manage.py`, whose children may take two minutes to end: the machine may be busy.
PATIENT = f"""
import runpy, sys
sys.path.insert(0, {str(BASE_DIR)!r})
from printmgmt.services import supervisor
supervisor.STOP_WITHIN = 120.0
runpy.run_path({str(BASE_DIR / "manage.py")!r}, run_name="__main__")
"""


class Console:
    """One `manage.py up` of its own, on an empty data folder and a free port."""

    def __init__(self, folder: Path) -> None:
        with listen("127.0.0.1", 0) as free:
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.data_dir = folder / "data"
        self.log = folder / "log"
        self.running: subprocess.Popen[str] | None = None

    def command(self, *command: str, **changed: str) -> "subprocess.Popen[str]":
        """Start `manage.py up`, or another, with nothing in its environment but the folder and the port."""
        bare = {name: value for name, value in os.environ.items() if name not in GIVEN}
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-c", PATIENT, *(command or ["up"])],
                cwd=self.data_dir.parent,  # not the project's: it must not matter
                env={**bare, "DATA_DIR": str(self.data_dir), "PORT": str(self.port), **changed},
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                umask=0o022,  # as a login shell has it
            )

    def start(self) -> str:
        """Start it and return the first line it prints."""
        self.running = self.command()
        assert self.running.stdout is not None
        return self.running.stdout.readline()

    def pid(self) -> int:
        """The supervisor's process id."""
        assert self.running is not None
        return self.running.pid

    def child(self, word: str) -> int | None:
        """The direct child whose command line contains ``word``."""
        family = descendants(self.pid())
        return next((pid for pid in family if word in commandline(pid)), None)


@contextmanager
def ending(console: Console) -> Iterator[Console]:
    """End whatever the test left running, and prove that nothing is left of it."""
    try:
        yield console
    finally:
        if console.running is not None:
            left = descendants(console.pid())
            console.running.terminate()
            try:
                console.running.wait(150)
            finally:
                console.running.kill()
                console.running.communicate()
                assert wait_for_exit(left, within=60), console.log.read_text()


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Console]:
    """A console that does not start."""
    with ending(Console(tmp_path)) as made:
        yield made


@pytest.fixture(scope="module")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """A console that the first test starts, in a folder that was open to other users."""
    with ending(Console(tmp_path_factory.mktemp("up"))) as made:
        made.data_dir.mkdir(mode=0o755)
        yield made


@pytest.fixture
def running(_made: Console) -> Console:
    """The console, which runs: started when a test wants it the first time, or again if one ended it."""
    if _made.running is None or _made.running.poll() is not None:
        assert _made.start() == f"ready {_made.url}\n", _made.log.read_text()
    return _made


def test_up_says_ready_when_the_console_answers(running: Console) -> None:
    answer = requests.get(f"{running.url}/readyz", timeout=60)

    assert answer.json() == {"status": "ok", "database": "ok", "broker": "ok"}


@pytest.mark.parametrize("word", [" worker ", " gunicorn ", "valkey-server", " beat "])
def test_killed_child_comes_back(running: Console, word: str) -> None:
    assert process.wait_until(lambda: running.child(word) is not None, timeout=60)
    victim = running.child(word)
    assert victim is not None
    grandchildren = descendants(victim)

    kill(victim)

    assert process.wait_until(lambda: running.child(word) not in {victim, None}, timeout=60)
    assert wait_for_exit(grandchildren, within=60)
    # The listening socket stayed open: this request waits for the next web process instead of being refused.
    assert requests.get(f"{running.url}/healthz", timeout=120).status_code == 200
    assert process.wait_until(
        lambda: requests.get(f"{running.url}/readyz", timeout=60).json()["broker"] == "ok",
        timeout=60,
        interval=0.2,
    )


def test_second_up_on_the_same_folder_is_refused(running: Console) -> None:
    with running.command("up", UNCHECKED, PORT=str(running.port + 1)) as second:
        assert second.wait(120) == 1

    assert f"already running on {running.data_dir} (process {running.pid()})" in running.log.read_text()


def test_taken_port_is_one_clear_line(console: Console) -> None:
    with listen("127.0.0.1", console.port), console.command("up", UNCHECKED) as refused:
        assert refused.wait(120) == 1

    (line,) = console.log.read_text().splitlines()
    assert line == f"CommandError: Port {console.port} is already in use. Set PORT to a free one."


def open_to_others(folder: Path) -> list[Path]:
    """What below ``folder`` anyone but its owner may read, write or enter; static files are no secret."""
    return [
        path
        for path in [folder, *folder.rglob("*")]
        if mode_of(path) & 0o077 and path.relative_to(folder).parts[:1] != ("static",)
    ]


def mode_of(path: Path) -> int:
    """The mode of a file; of one that is gone, 0: SQLite's files come and go."""
    try:
        return path.lstat().st_mode
    except FileNotFoundError:
        return 0


def test_what_it_makes_in_a_folder_that_was_open_is_closed_to_everybody_else(running: Console) -> None:
    with running.command(
        "create_organization", "Contoso", "--owner", "ada@contoso.example", UNCHECKED
    ) as made:
        assert made.wait(120) == 0
    browser = requests.Session()
    page = browser.get(f"{running.url}/account/password/reset/", timeout=60)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
    assert token is not None
    form = {"csrfmiddlewaretoken": token[1], "email": "ada@contoso.example"}
    browser.post(page.url, form, timeout=60).raise_for_status()

    # A worker sends it, after the request.
    assert process.wait_until(lambda: any(running.data_dir.glob("mail/*")), timeout=60)
    assert (running.data_dir / "valkey" / "socket").is_socket()
    assert open_to_others(running.data_dir) == []
    # Whatever else they will make: exports, the clock's memory, the broker's file.
    umasks = {
        pid: re.search(r"^Umask:\s+(\d+)$", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
        for pid in descendants(running.pid())
    }
    assert {found and found[1] for found in umasks.values()} == {"0077"}, list(map(commandline, umasks))
    warnings = [line for line in running.log.read_text().splitlines() if "could read" in line]
    assert warnings == [f"Other users could read {running.data_dir}. Its permissions were restricted."]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a folder that is somebody else's")
def test_an_open_folder_of_somebody_else_is_one_clear_line(console: Console) -> None:
    console.data_dir.mkdir(mode=0o755)
    os.chown(console.data_dir, 65534, 65534)

    with console.command("up", UNCHECKED) as refused:
        assert refused.wait(120) == 1

    (line,) = console.log.read_text().splitlines()
    assert line.startswith(
        f"CommandError: {console.data_dir} belongs to another user and others can read it."
    )
    assert stat.S_IMODE(console.data_dir.stat().st_mode) == 0o755


def test_killed_supervisor_leaves_nothing_and_can_be_started_again_at_once(running: Console) -> None:
    assert process.wait_until(
        lambda: len(descendants(running.pid())) >= 9, timeout=60
    )  # workers of web and Celery too
    everyone = descendants(running.pid())
    assert running.running is not None

    running.running.kill()
    running.running.communicate()
    again = running.start()

    assert again == f"ready {running.url}\n", running.log.read_text()
    assert not any(map(is_running, everyone))


def test_sigterm_ends_it_with_everything_it_started_and_nothing_is_killed(running: Console) -> None:
    everyone = descendants(running.pid())
    assert running.running is not None

    os.kill(running.pid(), signal.SIGTERM)
    rest, _ = running.running.communicate(timeout=240)

    assert (running.running.returncode, rest) == (0, "")
    assert not any(map(is_running, everyone))
    assert "child did not end" not in running.log.read_text()
