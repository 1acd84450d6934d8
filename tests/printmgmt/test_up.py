"""`manage.py up` as an operator runs it: a data folder, a port, one command."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from printmgmt.services import process
from printmgmt.services.listener import listen
from tests.processes import all_end, commandline, is_running, kill, offspring

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
)


class Console:
    """One `manage.py up` of its own, on an empty data folder and a free port."""

    def __init__(self, folder: Path) -> None:
        with listen("127.0.0.1", 0) as free:
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.data_dir = folder / "data"
        self.log = folder / "log"
        self.running: subprocess.Popen[str] | None = None

    def command(self, **changed: str) -> "subprocess.Popen[str]":
        """Start `manage.py up` with nothing in its environment but the folder and the port."""
        bare = {name: value for name, value in os.environ.items() if name not in GIVEN}
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, str(BASE_DIR / "manage.py"), "up"],
                cwd=self.data_dir.parent,  # not the project's: it must not matter
                env={**bare, "DATA_DIR": str(self.data_dir), "PORT": str(self.port), **changed},
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
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
        family = offspring(self.pid())
        return next((pid for pid in family if word in commandline(pid)), None)


@contextmanager
def ending(console: Console) -> Iterator[Console]:
    """End whatever the test left running, and prove that nothing is left of it."""
    try:
        yield console
    finally:
        if console.running is not None:
            left = offspring(console.pid())
            console.running.terminate()
            try:
                console.running.wait(12)
            finally:
                console.running.kill()
                console.running.communicate()
                assert all_end(left, within=12), console.log.read_text()


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Console]:
    """A console that the test starts and may end."""
    with ending(Console(tmp_path)) as made:
        yield made


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """A console that runs, for tests that leave it running."""
    with ending(Console(tmp_path_factory.mktemp("up"))) as made:
        assert made.start() == f"ready {made.url}\n", made.log.read_text()
        yield made


def test_up_says_ready_when_the_console_answers_and_ends_within_ten_seconds(console: Console) -> None:
    assert console.start() == f"ready {console.url}\n", console.log.read_text()
    answer = requests.get(f"{console.url}/readyz", timeout=5)
    assert answer.json() == {"status": "ok", "database": "ok", "broker": "ok"}
    everyone = offspring(console.pid())
    begun = time.monotonic()

    os.kill(console.pid(), signal.SIGTERM)
    assert console.running is not None
    rest, _ = console.running.communicate(timeout=15)

    assert time.monotonic() - begun < 10
    assert (console.running.returncode, rest) == (0, "")
    assert not any(map(is_running, everyone))


@pytest.mark.parametrize("word", [" worker ", " gunicorn ", "valkey-server", " beat "])
def test_killed_child_comes_back(running: Console, word: str) -> None:
    assert process.wait_until(lambda: running.child(word) is not None, timeout=5)
    victim = running.child(word)
    assert victim is not None
    grandchildren = offspring(victim)

    kill(victim)

    assert process.wait_until(lambda: running.child(word) not in {victim, None}, timeout=10)
    assert all_end(grandchildren, within=5)
    # The listening socket stayed open: this request waits for the next web process instead of being refused.
    assert requests.get(f"{running.url}/healthz", timeout=20).status_code == 200
    assert process.wait_until(
        lambda: requests.get(f"{running.url}/readyz", timeout=20).json()["broker"] == "ok",
        timeout=10,
        interval=0.2,
    )


def test_killed_supervisor_leaves_nothing_and_can_be_started_again_at_once(console: Console) -> None:
    console.start()
    assert process.wait_until(
        lambda: len(offspring(console.pid())) >= 9, timeout=15
    )  # workers of web and Celery too
    everyone = offspring(console.pid())
    assert console.running is not None

    console.running.kill()
    console.running.communicate()
    again = console.start()

    assert again == f"ready {console.url}\n", console.log.read_text()
    assert not any(map(is_running, everyone))


def test_second_up_on_the_same_folder_is_refused(running: Console) -> None:
    with running.command(PORT=str(running.port + 1)) as second:
        assert second.wait(20) == 1

    assert f"already runs on {running.data_dir} (process {running.pid()})" in running.log.read_text()


def test_taken_port_is_one_clear_line(console: Console) -> None:
    with listen("127.0.0.1", console.port), console.command() as refused:
        assert refused.wait(20) == 1

    (line,) = console.log.read_text().splitlines()
    assert line == f"CommandError: Port {console.port} is taken already; set PORT to a free one."
