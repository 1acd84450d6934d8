"""A body that is refused unread, and the next request on the same connection."""

import socket
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlsplit

import pytest

from tests.conftest import Server

MIB = 1024 * 1024
HOST = b"Host: 127.0.0.1\r\n"


def connection(server: Server) -> HTTPConnection:
    where = urlsplit(server.url)
    return HTTPConnection(where.hostname or "", where.port, timeout=60)


@pytest.mark.parametrize("path", ["/account/login/", "/nothing", "/healthz", "/host/login/"])
def test_the_consoles_pages_drain_as_well(server: Server, path: str) -> None:
    with closing(connection(server)) as client:
        client.request("POST", path, b"x" * 4 * MIB, {"Content-Type": "application/x-www-form-urlencoded"})
        refused = client.getresponse()
        refused.read()
        used = client.sock
        client.request("GET", "/healthz")
        answer = client.getresponse()

        assert refused.status in (302, 400, 403, 404, 405)
        assert (answer.status, client.sock is used) == (200, True)


@pytest.mark.parametrize(
    "start",
    [
        b"Content-Length: 20000000\r\n\r\n" + b"x" * (9 * MIB),
        b"Transfer-Encoding: chunked\r\n\r\n" + b"900000\r\n" + b"x" * (9 * MIB),
    ],
)
def test_a_body_without_an_end_closes_the_connection_and_the_answer_says_so(
    server: Server, start: bytes
) -> None:
    where = urlsplit(server.url)
    with socket.create_connection((where.hostname, where.port), timeout=60) as client:
        client.sendall(b"POST /scim/v2/x/Users HTTP/1.1\r\n" + HOST + start)
        with HTTPResponse(client) as answer:
            answer.begin()
            answer.read()

        assert (answer.status, answer.headers["Connection"]) == (401, "close")
        assert client.recv(1) == b""


def test_a_refused_body_that_stops_closes_the_connection_and_the_answer_says_so(server: Server) -> None:
    where = urlsplit(server.url)
    with socket.create_connection((where.hostname, where.port), timeout=60) as client:
        client.sendall(
            b"POST /scim/v2/x/Users HTTP/1.1\r\n" + HOST + b"Content-Length: 300000\r\n\r\n" + b"x" * 100_000
        )
        with HTTPResponse(client) as answer:
            answer.begin()

        assert (answer.status, answer.headers["Connection"]) == (401, "close")
