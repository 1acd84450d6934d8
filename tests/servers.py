"""The servers the tests run on, as a pytest plugin (`-p tests.servers`): started when it is imported.

That early because pytest-django reads the settings before any conftest. PostgreSQL and Valkey are our own
child processes unless DATABASE_URL and BROKER_URL name others; with pytest-xdist all workers share them, and
each has a test database and a Valkey database of its own. `TEST_DATABASE=sqlite` runs the same tests on the
embedded default's database.
"""

import atexit
import os
import shutil
import socket
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from printmgmt.services.listener import listen
from printmgmt.services.postgres import Postgres
from printmgmt.services.valkey import Valkey

# Fixed, so that a failure can be repeated; none of them protects anything.
SETTINGS = {
    "PRODUCTION": "false",
    "DEBUG": "false",
    "SECRET_KEY": "tests-only-tests-only-tests-only-tests-only",
    "CREDENTIAL_KEYS": "1:tests-only-first-key,2:tests-only-second-key",
    "RECEIPT_KEYS": "tests-only-receipt-key,tests-only-older-receipt-key",
    "ALLOWED_HOSTS": "127.0.0.1,localhost,testserver",
    "BIND_ADDRESS": "127.0.0.1",
    "DEFAULT_FROM_EMAIL": "print-management@localhost",
    "EMAIL_URL": "",
    "LOG_LEVEL": "INFO",
    "OUTBOUND_ALLOW": "127.0.0.0/8,::1",  # where the print servers of the tests are
    "STATIC_MANIFEST": "false",
    "DJANGO_ALLOW_ASYNC_UNSAFE": "1",  # Playwright's synchronous API runs an event loop around our tests
}

_started: list[Postgres | Valkey] = []
_folders: list[Path] = []
listener: socket.socket | None = (
    None  # where the `server` fixture serves; opened early, so PUBLIC_URL is known
)


def _start_shared() -> None:
    folder = Path(tempfile.mkdtemp(prefix="printmgmt-tests-"))
    _folders.append(folder)
    os.environ["TEST_FOLDER"] = str(folder)
    if os.environ.get("TEST_DATABASE") == "sqlite":
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/console.sqlite3"
    elif not os.environ.get("DATABASE_URL"):
        postgres = Postgres()
        _started.append(postgres)
        postgres.start()
        os.environ["DATABASE_URL"] = postgres.url
    if not os.environ.get("BROKER_URL"):
        valkey = Valkey(folder / "broker")
        _started.append(valkey)
        valkey.start()
        os.environ["BROKER_URL"] = valkey.url


def _use_own_broker_database(number: int) -> None:
    """Give each xdist worker a database of its own: their Celery workers must not eat each other's tasks."""
    url = os.environ["BROKER_URL"]
    if url.startswith("redis+socket:"):
        os.environ["BROKER_URL"] = f"{url}?virtual_host={number}"
    else:
        os.environ["BROKER_URL"] = urlunsplit(urlsplit(url)._replace(path=f"/{number}"))


def _start() -> None:
    global listener  # noqa: PLW0603
    os.environ.update(SETTINGS)
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if not worker:
        _start_shared()
    number = int(worker.removeprefix("gw") or -1) + 1
    if worker:
        _use_own_broker_database(number)
    data_dir = Path(os.environ["TEST_FOLDER"]) / f"data{number}"
    data_dir.mkdir(mode=0o700)
    (data_dir / "static").mkdir()  # STATIC_ROOT; WhiteNoise warns where it is missing
    listener = listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    os.environ.update(DATA_DIR=str(data_dir), PORT=str(port), PUBLIC_URL=f"http://127.0.0.1:{port}")


def _stop() -> None:
    while _started:
        _started.pop().stop()
    while _folders:
        shutil.rmtree(_folders.pop(), ignore_errors=True)


# Also when pytest never gets as far as to say goodbye: a conftest or the settings do not import.
atexit.register(_stop)
_start()


@pytest.hookimpl(trylast=True)  # after pytest-django and the fixtures let go
def pytest_unconfigure() -> None:
    """Nothing is left behind."""
    if listener is not None:
        listener.close()
    _stop()
