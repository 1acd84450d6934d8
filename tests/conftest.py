"""What every test may ask for: a real worker, a real web server, a browser."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import pytest
import structlog
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis.configuration import set_hypothesis_home_dir
from playwright.sync_api import expect
from pytest_django import DjangoDbBlocker
from whitenoise.middleware import WhiteNoiseMiddleware

from printmgmt.services import commands, process
from printmgmt.services.listener import is_ready
from tests import servers
from tests.browsing import PATIENCE, press_settled_pages_only
from tests.emptying import empty
from tests.static_files import add_files_found_once

set_hypothesis_home_dir(settings.BASE_DIR / ".cache" / "hypothesis")
TransactionTestCase._fixture_teardown = empty  # type: ignore[method-assign]
WhiteNoiseMiddleware.add_files_from_finders = add_files_found_once
press_settled_pages_only()
expect.set_options(timeout=PATIENCE * 1_000)

# Without a window's machinery a page takes a third of the processor time.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
BROWSER_FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-prefers-reduced-motion",  # a dialog that still fades in ignores Escape
]


@dataclass
class Process:
    """A child on the test database: its command, its environment, and what it wrote so far."""

    command: list[str]
    env: dict[str, str]
    log: Path
    pass_fds: tuple[int, ...] = ()
    _running: "subprocess.Popen[bytes] | None" = None

    def start(self, ready: Callable[[], bool], timeout: float = 120) -> None:
        """Start it and wait until ``ready()``; fails the test with its log otherwise."""
        with self.log.open("wb") as output:
            running = self._running = process.start(
                self.command, env=self.env, cwd=settings.BASE_DIR, output=output, pass_fds=self.pass_fds
            )
        if not process.wait_until(lambda: running.poll() is not None or ready(), timeout=timeout) or (
            running.poll() is not None
        ):
            self.stop()
            pytest.fail(f"{' '.join(self.command)} did not start:\n{self.text()[-4000:]}")

    def text(self) -> str:
        """Everything it wrote to stdout and stderr."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    @property
    def pid(self) -> int:
        """Its process id, which is also the id of its process group."""
        assert self._running is not None
        return self._running.pid

    def kill(self) -> None:
        """SIGKILL it with everything it started."""
        if self._running is not None:
            process.kill_group(self._running.pid)
            self._running.wait()

    def stop(self) -> None:
        """End it as an operator would, and kill what is left."""
        if self._running is not None:
            process.stop(self._running, grace=8)


@dataclass
class Worker(Process):
    """A real Celery worker; ``start()`` and ``stop()`` as often as a test likes."""

    def start(self, ready: Callable[[], bool] | None = None, timeout: float = 120) -> None:
        """Start it and wait until it takes tasks."""
        super().start(ready or (lambda: "ready." in self.text()), timeout)


@dataclass
class Server(Process):
    """A real gunicorn; ``url`` is its address, the same as ``settings.PUBLIC_URL``."""

    url: str = ""

    def start(self, ready: Callable[[], bool] | None = None, timeout: float = 120) -> None:
        """Start it and wait until it answers."""
        port = urlsplit(self.url).port or 0
        super().start(ready or (lambda: is_ready(port, self.url)), timeout)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """SQLite's test database is a file: other processes could not see the usual one in memory."""
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(settings.DATA_DIR / "test.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """At the end, close connections that are still open: a thread of a race must not keep the database."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(autouse=True)
def _clean_log_context() -> Iterator[None]:
    yield
    structlog.contextvars.clear_contextvars()


@pytest.fixture(autouse=True)
def _clean_language() -> Iterator[None]:
    """A request in French leaves its thread in French, and the next test is no request."""
    yield
    translation.deactivate()


@pytest.fixture
def child_environment() -> dict[str, str]:
    """Environment variables with which another process sees this test's database, broker and settings."""
    name = quote(str(connection.settings_dict["NAME"]))
    if connection.vendor == "sqlite":
        url = f"sqlite:///{name}"
    else:
        url = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))
    allowed = {"OUTBOUND_ALLOW": "127.0.0.1,::1"}  # the servers of the tests
    return {**os.environ, **allowed, "DATABASE_URL": url, "PYTHONUNBUFFERED": "1"}


@pytest.fixture
def worker(transactional_db: None, child_environment: dict[str, str], tmp_path: Path) -> Iterator[Worker]:
    """A real Celery worker process on the test database, taking tasks."""
    child = Worker(commands.worker(), child_environment, tmp_path / "worker.log")
    child.start()
    yield child
    child.stop()


@pytest.fixture(scope="session")
def _server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Server]]:
    """Holds the one server of the session once a test has asked for it."""
    started: list[Server] = []
    yield started
    for child in started:
        child.stop()


@pytest.fixture
def server(
    transactional_db: None,
    child_environment: dict[str, str],
    _server: list[Server],
    tmp_path_factory: pytest.TempPathFactory,
) -> Server:
    """A real gunicorn on a loopback port and the test database: it sees what a test writes."""
    if not _server:
        assert servers.listener is not None
        number = servers.listener.fileno()
        log = tmp_path_factory.mktemp("server") / "log"
        # One tenant takes half of the threads, so that a race is one of sixteen requests.
        environment = {**child_environment, "GUNICORN_CMD_ARGS": "--threads 16"}
        child = Server(commands.web(number), environment, log, (number,), url=settings.PUBLIC_URL)
        child.start()
        _server.append(child)
    elif not is_ready(urlsplit(_server[0].url).port or 0, _server[0].url):  # a test killed it
        _server[0].stop()
        _server[0].start()
    return _server[0]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Launch the machine's Chromium, where there is one, without its conversations with the outside."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    flags = [*BROWSER_FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    return {**browser_type_launch_args, **({"executable_path": found} if found else {}), "args": flags}
