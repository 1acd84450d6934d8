"""Which address of a server is talked to, by real sockets: each address is one of this machine."""

import socket
import threading

import pytest

from printmgmt.printing.ipp import errors
from printmgmt.printing.ipp.address import ServerAddress
from printmgmt.printing.ipp.client import Client, Limits, Login
from tests.printmgmt.printing.ipp.serving import Server, http, ipp, queue_group
from tests.printmgmt.test_dialing import ANSWERS, REFUSES, SWALLOWS, swallowing

OPERATOR = Login("operator", "secret")


def answer(request, _):
    return http(content_type="text/plain") if request.method == "HEAD" else ipp(request, queue_group("front"))


def client_of(server, *numbers, **more):
    """A client of a name that resolves to these addresses."""
    address = ServerAddress.parse(f"ipp://print.example:{server.address.port}/")
    return Client(address, resolve=lambda *_: list(numbers), **more)


def elsewhere():
    """An address of this machine that is not loopback; connecting a UDP socket sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.254", 9))
        except OSError:  # a container without a network: nothing there is not loopback
            pytest.skip("this machine has no address but loopback")
        return probe.getsockname()[0]


def test_an_address_that_refuses_leads_to_the_next():
    with Server(answer) as server, client_of(server, REFUSES, ANSWERS, login=OPERATOR) as client:
        client.check_login()
        assert client.queue("front").name == "front"

    assert {request.headers["host"] for request in server.requests} == {
        f"print.example:{server.address.port}"
    }


def test_an_address_that_swallows_everything_leads_to_the_next():
    with (
        Server(answer) as server,
        swallowing(server.address.port),
        client_of(server, SWALLOWS, ANSWERS, limits=Limits(connect=1.0)) as client,
    ):
        assert client.queue("front").name == "front"


def test_the_first_connection_is_the_one_that_is_used():
    """A server counts connections; cupsd takes a hundred from all clients."""
    with Server(answer) as server, client_of(server, REFUSES, ANSWERS) as client:
        client.queue("front")
        client.queue("front")

    assert server.connections == 1


def test_where_none_answers_it_is_not_now_and_asked_anew_the_next_time():
    with Server(answer) as server:
        asked = []

        def resolve(*_):
            asked.append(REFUSES)
            return [REFUSES] if len(asked) == 1 else [ANSWERS]

        address = ServerAddress.parse(f"ipp://print.example:{server.address.port}/")
        with Client(address, resolve=resolve) as client:
            for attempt in (client.server_certificate, client.queues):
                if not asked:
                    with pytest.raises(errors.NotNow):
                        attempt()
                else:
                    assert [queue.name for queue in attempt()] == ["front"]

    assert len(asked) == 2


def test_a_name_server_that_is_silent_takes_no_longer_than_connecting(monkeypatch):
    answers = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: answers.wait(60) and [])
    address = ServerAddress.parse("ipp://print.example/")
    with (
        Client(address, limits=Limits(connect=0.1)) as client,
        pytest.raises(errors.NotNow, match="name cannot be found"),
    ):
        client.queues()

    answers.set()


@pytest.fixture
def away():
    """A server at an address of this machine that is not loopback."""
    with Server(answer, at=elsewhere()) as server:
        yield server


def test_a_password_is_not_sent_in_clear_to_where_the_connection_went(away):
    """The first address is loopback and refuses; the second one is connected to."""
    with client_of(away, REFUSES, elsewhere(), login=OPERATOR) as client:
        with pytest.raises(errors.UnsafeConnection):
            client.check_login()
        assert client.queue("front").name == "front"

    assert all("authorization" not in request.headers for request in away.requests)
    assert len(away.requests) == 1


def test_a_password_is_sent_to_this_machine_although_another_address_comes_first(away):
    with Server(answer) as server, client_of(server, elsewhere(), ANSWERS, login=OPERATOR) as client:
        client.check_login()

    assert "authorization" in server.requests[0].headers


def test_where_no_address_is_of_this_machine_none_is_connected_to(away):
    with client_of(away, elsewhere(), login=OPERATOR) as client, pytest.raises(errors.UnsafeConnection):
        client.check_login()

    assert away.connections == 0
