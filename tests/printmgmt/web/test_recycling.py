"""A web process that ends after its share of requests, while clients have only just connected."""

import socket
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from printmgmt.services import commands
from printmgmt.services.listener import listen
from tests.conftest import Server
from tests.proofs import rounds

REQUEST = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"


@pytest.fixture
def port(transactional_db: None, child_environment: dict[str, str], tmp_path: Path) -> Iterator[int]:
    """The port of a gunicorn with one process, replaced after five requests."""
    with listen("127.0.0.1", 0) as listener:
        number, port = listener.fileno(), listener.getsockname()[1]
        child = Server(
            [*commands.web(number), "--max-requests", "5", "--max-requests-jitter", "0"],
            {**child_environment, "WEB_CONCURRENCY": "1"},
            tmp_path / "server.log",
            (number,),
            url=f"http://127.0.0.1:{port}",
        )
        child.start()
        yield port
        child.stop()


def use_up_the_process(port: int) -> None:
    """Send requests until an answer says that its process ends."""
    for _request in range(10):
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        answer.read()
        connection.close()
        if answer.headers["Connection"] == "close":
            return
    pytest.fail("no process ended")


@pytest.mark.parametrize("rounds", rounds(3, proof=10))
def test_who_connected_to_a_process_that_ends_is_answered(port: int, rounds: int) -> None:
    for _round in range(rounds):
        with socket.create_connection(("127.0.0.1", port), timeout=30) as client:
            use_up_the_process(port)
            client.sendall(REQUEST)
            answer = HTTPResponse(client)
            answer.begin()

            assert answer.status == 200


def test_who_connected_and_says_nothing_does_not_keep_a_process_that_ends(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as client:
        use_up_the_process(port)

        assert client.recv(1) == b""
