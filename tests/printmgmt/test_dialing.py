"""Connects to the first address that takes a connection: real sockets, each at its own loopback address."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from printmgmt.dialing import MOST, dial, look_up

REFUSES, SWALLOWS, ANSWERS = "127.0.0.4", "127.0.0.3", "127.0.0.1"


@contextmanager
def swallowing(port: int) -> Iterator[None]:
    """A port that nobody accepts at and whose queue is full: what comes next gets no answer at all."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind((SWALLOWS, port))
        listener.listen(0)
        for _ in range(3):
            caller = stack.enter_context(socket.socket())
            caller.setblocking(False)
            caller.connect_ex((SWALLOWS, port))
        yield


@pytest.fixture
def port() -> Iterator[int]:
    """A port at which only one of the addresses answers, and one swallows everything."""
    with socket.create_server((ANSWERS, 0)) as listener:
        number = listener.getsockname()[1]
        with swallowing(number):
            yield number


def reached(numbers: list[str], port: int, within: float) -> str:
    with dial(numbers, port, within=within) as connection:
        return str(connection.getpeername()[0])


@pytest.mark.parametrize("before", [[], [REFUSES], [REFUSES] * 3, [SWALLOWS], [SWALLOWS, REFUSES]])
def test_one_that_does_not_answer_leaves_time_for_the_next(before: list[str], port: int) -> None:
    assert reached([*before, ANSWERS], port, within=1.0) == ANSWERS


def test_the_failure_of_the_last_one_is_told(port: int) -> None:
    with pytest.raises(ConnectionRefusedError):
        dial([SWALLOWS, REFUSES], port, within=0.2)
    with pytest.raises(TimeoutError):
        dial([REFUSES, SWALLOWS], port, within=0.2)
    with pytest.raises(TimeoutError, match="no time left"):
        dial([ANSWERS], port, within=0.0)


def test_not_all_of_a_thousand_are_tried(port: int) -> None:
    with pytest.raises(ConnectionRefusedError):
        dial([*[REFUSES] * MOST, ANSWERS], port, within=9)


def test_an_address_is_its_own_and_asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", None)

    assert look_up("192.0.2.7", 631, within=0) == ["192.0.2.7"]
    assert look_up("2001:DB8:0::1", 631, within=0) == ["2001:db8::1"]


@pytest.mark.parametrize(
    ("host", "error"),
    [("nowhere.invalid", socket.gaierror), ("a" * 64 + ".example", OSError), ("a\ud800.example", OSError)],
)
def test_a_name_that_cannot_be_is_an_error_of_the_system(host: str, error: type[OSError]) -> None:
    with pytest.raises(error) as caught:
        look_up(host, 631, within=60)

    assert not isinstance(caught.value, TimeoutError)
