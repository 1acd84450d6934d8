"""A body that is refused, read or unread, and the next request on the same connection."""

import socket
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlsplit

import pytest

from printmgmt.web.connection import GATHERED_AT_MOST
from tests.conftest import Server
from tests.scim_sync.client import Answer, HttpScim

KIB, MIB = 1024, 1024 * 1024
WRONG = "Bearer pmscim_" + "a" * 8 + "_" + "b" * 43


def in_chunks(size: int) -> bytes:
    part = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    return part * (size // 0x10000) + b"0\r\n\r\n"


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize(
    ("path", "token", "size", "status"),
    [
        ("/Users", WRONG, 256 * KIB, 401),
        ("/Users", "", 256 * KIB, 401),
        ("/Users", None, 2 * MIB, 413),
        ("/Bulk", None, 6 * MIB, 413),
        ("/Users/x", None, 256 * KIB, 405),
        ("/nothing", None, 256 * KIB, 404),
    ],
)
def test_the_next_request_is_answered_on_the_same_connection(
    server: Server, http_scim: HttpScim, path: str, token: str | None, size: int, status: int, chunked: bool
) -> None:
    bearer = f"Bearer {http_scim.token}"
    headers = {"Content-Type": "application/scim+json", "Authorization": bearer if token is None else token}
    body = in_chunks(size) if chunked else b"x" * size
    if chunked:
        headers["Transfer-Encoding"] = "chunked"

    with closing(HTTPConnection(urlsplit(server.url).netloc, timeout=60)) as client:
        client.request("POST", f"{http_scim.base}{path}", body, headers)
        refused = client.getresponse()
        refused.read()
        used = client.sock
        client.request("GET", f"{http_scim.base}/Users", headers={"Authorization": bearer})
        answer = client.getresponse()

        assert (refused.status, refused.headers["Connection"]) == (status, "keep-alive")
        assert (answer.status, client.sock is used) == (200, True)


def test_a_body_that_stops_arriving_is_408_and_the_end_of_the_connection(
    server: Server, http_scim: HttpScim
) -> None:
    where = urlsplit(server.url)
    head = (
        f"POST {http_scim.base}/Users HTTP/1.1\r\nHost: {where.netloc}\r\nContent-Length: 900000\r\n"
        f"Authorization: Bearer {http_scim.token}\r\nContent-Type: application/scim+json\r\n\r\n"
    )
    with socket.create_connection((where.hostname, where.port), timeout=60) as client:
        client.sendall(head.encode() + b'{"userName": "' + b"x" * GATHERED_AT_MOST)
        with HTTPResponse(client) as answer:
            answer.begin()
            refused = Answer(answer.status, answer.headers, answer.read())

        assert refused.error == (408, None)
        assert refused.headers["Connection"] == "close"
        assert client.recv(1) == b""
