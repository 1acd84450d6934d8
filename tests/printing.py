"""Print servers for tests, as a pytest plugin (`-p tests.printing`): `cups`, `own_cups` and `other_ipp`.

The first two are a real cupsd with Debian's stock policy (`demo.cupsd`), the third is not CUPS. A test that
fails shows the ends of their logs.
"""

from collections.abc import Iterator
from ipaddress import ip_network

import pytest
from pytest_django.fixtures import Settings

from demo.cupsd import PrivateCups
from tests.other_printer import OtherPrinter


@pytest.fixture(scope="session")
def _shared_cups() -> Iterator[list[PrivateCups]]:
    """Holds the one server of the session once a test has asked for it."""
    started: list[PrivateCups] = []
    yield started
    for server in started:
        server.close()


@pytest.fixture
def _loopback(settings: Settings) -> None:
    """The console may call print servers on this machine; its child processes in tests always may."""
    settings.OUTBOUND_ALLOW = [ip_network("127.0.0.1"), ip_network("::1")]


@pytest.fixture
def cups(_loopback: None, _shared_cups: list[PrivateCups]) -> Iterator[PrivateCups]:
    """A CUPS server without queues and jobs; its job ids go on from test to test."""
    if not _shared_cups:
        server = PrivateCups()
        _shared_cups.append(server)
        server.start()
    server = _shared_cups[0]
    yield server
    if not _is_as_new(server):
        _shared_cups.clear()
        server.close()


def _is_as_new(server: PrivateCups) -> bool:
    """Empty a server after a test; return whether the next test may have it.

    A job that ended while its queue was being deleted stays in the server's history.
    """
    if not (server.is_running and server.has_stock_policy):
        return False
    server.remove_queues()
    return not server.jobs()


@pytest.fixture
def own_cups(_loopback: None) -> Iterator[PrivateCups]:
    """A CUPS server of the test's own: to kill, to rebuild, to give another policy. Job ids begin at 1."""
    with PrivateCups() as server:
        yield server


@pytest.fixture
def other_ipp(_loopback: None) -> Iterator[OtherPrinter]:
    """A print server that is not CUPS, with one queue and no jobs."""
    with OtherPrinter() as printer:
        yield printer


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Add the logs of the servers a test used to the report of its failure."""
    report: pytest.TestReport = yield
    if report.failed and isinstance(item, pytest.Function):
        for name, value in item.funcargs.items():
            if isinstance(value, PrivateCups | OtherPrinter):
                report.sections.append((f"{name} at {value.host}", value.logs()))
    return report
