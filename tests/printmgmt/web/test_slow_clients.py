"""Clients that never finish their request, at a real gunicorn with two processes of sixteen threads."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPResponse
from urllib.parse import urlsplit

import pytest
import requests

from printmgmt.web.connection import GATHERED_AT_MOST
from tests.conftest import Server

MANY = 40
"""More than there are threads."""

FORM = (
    b"POST /account/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: csrftoken=" + b"x" * 32 + b"\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n"
)

STARTS = {
    "nothing": b"",
    "half a line": b"GET /heal",
    "half a header": b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
    "a request and half of another": b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET /heal",
    "a form": b"POST /account/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: csrftoken=x\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nlogin=",
    "a form in chunks": FORM + b"Transfer-Encoding: chunked\r\n\r\n6\r\nlogin=\r\nf",
    "a form that waits to be asked for": FORM + b"Expect: 100-continue\r\nContent-Length: 1000\r\n\r\n",
    "a SCIM body": b"POST /scim/v2/x/Users HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n{",
}


def connected(server: Server) -> socket.socket:
    where = urlsplit(server.url)
    return socket.create_connection((where.hostname, where.port), timeout=60)


def answered(client: socket.socket) -> int:
    """Read one answer to its end, in however many pieces it comes; return its status."""
    answer = HTTPResponse(client)
    answer.begin()
    answer.read()
    return answer.status


@pytest.fixture
def slow(server: Server, request: pytest.FixtureRequest) -> Iterator[list[socket.socket]]:
    """Clients that have sent the start of a request."""
    with ExitStack() as stack:
        clients = [stack.enter_context(connected(server)) for _number in range(MANY)]
        for client in clients:
            client.sendall(STARTS[request.param])
        yield clients


@pytest.mark.parametrize("slow", STARTS, indirect=True)
def test_the_probe_answers_while_many_clients_dribble(server: Server, slow: list[socket.socket]) -> None:
    for _round in range(3):
        for client in slow:
            client.sendall(b"x")
        assert requests.get(f"{server.url}/healthz", timeout=30).status_code == 200


@pytest.mark.parametrize("slow", ["half a header"], indirect=True)
def test_who_does_not_finish_is_cut_off(server: Server, slow: list[socket.socket]) -> None:
    assert {client.recv(1) for client in slow} == {b""}


def test_a_large_body_that_stops_is_given_up(server: Server) -> None:
    """It is too large to be gathered, so that a thread waits for it, for a while."""
    with connected(server) as client:
        client.sendall(FORM + b"Content-Length: 1000000\r\n\r\n" + b"x" * GATHERED_AT_MOST)

        answer = client.makefile("rb").read()

    assert b"\r\nConnection: close\r\n" in answer


@pytest.mark.parametrize("step", [1, 7, 100])
def test_a_request_that_comes_in_pieces_is_understood(server: Server, step: int) -> None:
    request = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with connected(server) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for _request in range(2):
            for start in range(0, len(request), step):
                client.sendall(request[start : start + step])
            assert answered(client) == 200


def test_a_request_of_which_half_came_with_the_one_before_is_understood(server: Server) -> None:
    request = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with connected(server) as client:
        client.sendall(request + request[:20])
        first = answered(client)
        client.sendall(request[20:])

        assert (first, answered(client)) == (200, 200)


def test_requests_sent_in_one_go_are_answered_in_order(server: Server) -> None:
    first = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    second = b"GET /nothing HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    with connected(server) as client:
        client.sendall(first * 3 + second)

        answers = client.makefile("rb").read()

    assert [part[:3] for part in answers.split(b"HTTP/1.1 ")[1:]] == [b"200", b"200", b"200", b"404"]


@pytest.mark.parametrize("expect", [b"100-continue", b"100-Continue "])
def test_who_waits_to_be_asked_for_the_body_is_asked_once(server: Server, expect: bytes) -> None:
    with connected(server) as client:
        client.sendall(FORM + b"Connection: close\r\nExpect: " + expect + b"\r\nContent-Length: 6\r\n\r\n")
        reply = client.recv(65536)
        client.sendall(b"login=")

        assert reply == b"HTTP/1.1 100 Continue\r\n\r\n"
        assert client.makefile("rb").read().startswith(b"HTTP/1.1 403 ")


def test_chunks_are_understood_in_whatever_pieces_they_come(server: Server) -> None:
    body = b"3;a=b\r\nlog\r\n3\r\nin=\r\n000\r\nX-Trailer: 1\r\n\r\n"
    with connected(server) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.sendall(FORM + b"Transfer-Encoding: chunked\r\n\r\n")
        for start in range(0, len(body), 5):
            client.sendall(body[start : start + 5])
        refused = answered(client)
        client.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")

        assert (refused, answered(client)) == (403, 200)
