"""Bad servers are bad in the way they are named (judged by `ipptool` and a socket); what our client says."""

import socket
import threading
from contextlib import suppress

import pytest

from demo.ipptool import request
from printmgmt.printing.ipp import errors
from printmgmt.printing.ipp.address import ServerAddress
from printmgmt.printing.ipp.client import Client, Limits
from printmgmt.services.process import wait_until

from .bad_answers import BAD_ANSWERS, ENDLESS, IPP_STATUSES, LYING, REFUSING, SLOW, answer
from .bad_servers import ADDRESS, bad_server, offline_server

ASKED = b"\x02\x00\x40\x02\x00\x00\x00\x07\x01\x03"  # CUPS-Get-Printers, request 7, no attributes
HEAD = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/ipp\r\nContent-Length: 10\r\n\r\n"

TAKEN = "shorter than its length"
"""An answer that is whole and announced to be longer, as cupsd sends it: it is taken."""
BROKEN_OFF = {"closes", "resets"}
EXPECTED = (
    dict.fromkeys([*SLOW, *BROKEN_OFF, "HTTP 500", "HTTP 503"], errors.NotNow)
    | dict.fromkeys([*ENDLESS, *(set(LYING) - BROKEN_OFF - {TAKEN}), "redirect"], errors.BadAnswer)
    | dict.fromkeys(["HTTP 401", "HTTP 401 Negotiate"], errors.LoginRequired)
    | {"HTTP 403": errors.Forbidden}
    | {"HTTP 400": errors.UnknownName, "HTTP 404": errors.NotSupported, "HTTP 426": errors.Refused}
)


def first_bytes(port: int, pieces: int, patience: float) -> bytes:
    """What comes until the end, or nothing for so many seconds; 64 KB or so many pieces at most."""
    received = b""
    with socket.create_connection((ADDRESS, port), timeout=patience) as connection, suppress(OSError):
        connection.sendall(HEAD + ASKED)
        for _ in range(pieces):
            came = connection.recv(65536)
            received += came
            if not came or len(received) >= 65536:
                break
    return received


@pytest.mark.parametrize("name", BAD_ANSWERS)
def test_each_takes_the_whole_request_and_lets_go_at_the_end(name: str) -> None:
    before = threading.active_count()
    with bad_server(name) as server:
        received = first_bytes(server.port, *((3, 0.3) if name in SLOW else (65536, 30)))
        assert wait_until(lambda: server.requests != [], timeout=60)
    assert server.requests == [(HEAD.removesuffix(b"\r\n\r\n"), ASKED)]
    assert threading.active_count() == before
    if name in REFUSING:
        assert received.startswith(b"HTTP/1.1 " + (b"301" if name == "redirect" else name[5:8].encode()))
    elif name in ENDLESS:
        assert len(received) >= 65536
    elif name in SLOW:
        assert len(received) < 300
    else:
        assert name in {**LYING, **IPP_STATUSES}


@pytest.mark.parametrize("name", ["IPP 0x0403", "IPP 0x0507"])
def test_ipptool_reads_the_status_they_answer(name: str) -> None:
    status = {"IPP 0x0403": "client-error-not-authorized", "IPP 0x0507": "server-error-busy"}[name]
    with bad_server(name) as server:
        assert request(server.uri, "Get-Jobs", (f"uri printer-uri {server.uri}",)).status == status


def test_answer_without_a_lie_is_sound() -> None:
    assert answer(ASKED).startswith(b"\x02\x00\x00\x00\x00\x00\x00\x07\x01\x47")


def test_offline_server_refuses_connections() -> None:
    with offline_server() as server, pytest.raises(ConnectionRefusedError):
        socket.create_connection((ADDRESS, server.port), timeout=5)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_client_asks_once_and_says_what_is_wrong(name: str) -> None:
    with bad_server(name) as server:
        limits = Limits(connect=30, answer=0.3 if name in SLOW else 30, size=100_000)
        with (
            Client(ServerAddress.parse(server.uri), limits=limits) as client,
            pytest.raises(errors.IppError) as caught,
        ):
            client.queues()
        assert type(caught.value) is EXPECTED[name]
        assert wait_until(lambda: server.requests != [], timeout=60)
        assert len(server.requests) == 1
