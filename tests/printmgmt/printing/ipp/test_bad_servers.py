"""Servers that are away, slow, endless, lying or none at all: each has its error, and none holds us."""

import socket
import struct
import time
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from printmgmt.printing.ipp import errors
from printmgmt.printing.ipp.address import ServerAddress
from printmgmt.printing.ipp.client import Client, Limits
from printmgmt.printing.ipp.codec import Attribute, Group, Message, Value, encode
from printmgmt.printing.ipp.operations import Operation
from printmgmt.printing.ipp.values import Tag
from printmgmt.services.process import wait_until
from tests.printmgmt.printing.ipp.serving import (
    OPERATION,
    Answer,
    Request,
    Server,
    http,
    ipp,
    job_group,
    queue_group,
)

LIMITS = Limits(connect=30, answer=30, size=100_000)
BRIEF = Limits(connect=30, answer=0.3, size=100_000)
"""For servers that take longer than any limit; another would at times be slower, too, on a busy machine."""


def error_of(answer: Answer, limits: Limits = LIMITS) -> errors.IppError:
    """Return what a list of queues raises when a server answers so."""
    with Server(answer) as server, Client(server.address, limits=limits) as client:
        with pytest.raises(errors.IppError) as caught:
            client.queues()
        assert wait_until(lambda: len(server.requests) > 0, timeout=60)
        assert len(server.requests) == 1, "something was sent a second time"
    return caught.value


def test_a_server_that_is_away_is_not_now():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    address = ServerAddress.parse(f"ipp://127.0.0.1:{port}/")
    with Client(address) as client, pytest.raises(errors.NotNow, match="cannot be reached"):
        client.queues()


def test_a_name_that_nobody_knows_is_not_now():
    with (
        Client(ServerAddress.parse("ipp://no-such-host.invalid/")) as client,
        pytest.raises(errors.NotNow, match="name cannot be found"),
    ):
        client.queues()


def test_a_connection_that_is_reset_is_not_now():
    def reset(_: Request, connection: socket.socket) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    assert type(error_of(reset)) is errors.NotNow


def test_a_connection_that_ends_without_an_answer_is_not_now():
    assert type(error_of(lambda *_: None)) is errors.NotNow


@pytest.mark.parametrize("chunked", [False, True])
def test_a_connection_that_ends_in_the_middle_of_an_answer_is_not_now(chunked):
    def half(request: Request, connection: socket.socket) -> None:
        head, _, body = ipp(request).partition(b"\r\n\r\n")
        if chunked:
            head = head.replace(b"Content-Length: ", b"Transfer-Encoding: chunked\r\nX-Was: ")
            body = f"{len(body):x}\r\n".encode() + body
        connection.sendall(head + b"\r\n\r\n" + body[:-10])

    assert type(error_of(half)) is errors.NotNow


def test_a_server_that_never_answers_is_not_now():
    error = error_of(lambda *_: time.sleep(1), BRIEF)

    assert type(error) is errors.NotNow
    assert "in time" in str(error)


def drip(beginning: bytes, drop: bytes) -> Answer:
    """Send something each 20 ms, for ever: no single wait is long."""

    def answer(_: Request, connection: socket.socket) -> None:
        connection.sendall(beginning)
        while True:
            connection.sendall(drop)
            time.sleep(0.02)

    return answer


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(drip(b"", b"H"), id="status line"),
        pytest.param(drip(b"HTTP/1.1 200 OK\r\nX-Long: ", b"x"), id="header"),
        pytest.param(drip(b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"), id="continue, continue"),
        pytest.param(
            drip(b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"), id="only continue"
        ),
        pytest.param(drip(http(b"x" * 9000)[:-9000], b"\x01"), id="body"),
        pytest.param(
            drip(b"HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\n\r\n", b"\x01"),
            id="body without length",
        ),
        pytest.param(
            drip(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nTransfer-Encoding: chunked\r\n\r\n",
                b"1\r\n!\r\n",
            ),
            id="chunks",
        ),
        pytest.param(
            drip(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nTransfer-Encoding: chunked\r\n\r\n",
                b"0",
            ),
            id="length of a chunk",
        ),
    ],
)
def test_a_server_that_drips_ends_at_the_deadline(answer):
    error = error_of(answer, BRIEF)

    assert type(error) in (errors.NotNow, errors.BadAnswer)
    assert "in time" in str(error) or type(error) is errors.BadAnswer


def test_a_server_that_does_not_read_is_not_now():
    """What is sent fills all buffers on the way, and then nothing moves."""
    names = [Value(Tag.NAME, f"{number:0250}") for number in range(60_000)]
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = ServerAddress.parse(f"ipp://127.0.0.1:{listener.getsockname()[1]}/")
        with Client(address, limits=Limits(connect=0.3, answer=0.3)) as client, pytest.raises(errors.NotNow):
            client._transport.send(Operation.VALIDATE_JOB, [Group(1, [Attribute("names", names)])], path="/")


def test_time_that_was_left_for_one_answer_is_not_that_of_the_next_request():
    """The connection is kept; each answer takes longer than what the one before left."""

    def slowly(request: Request, _: socket.socket) -> bytes:
        time.sleep(1.2)
        return ipp(request)

    with Server(slowly) as server, Client(server.address, limits=Limits(connect=30, answer=2.2)) as client:
        for _ in range(3):
            client.release(7)
        assert len(server.requests) == 3


def flood(beginning: bytes, drop: bytes) -> Answer:
    def answer(_: Request, connection: socket.socket) -> None:
        connection.sendall(beginning)
        while True:
            connection.sendall(drop)

    return answer


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        pytest.param(
            flood(b"HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\n\r\n", bytes(4096)),
            "does not end",
            id="body",
        ),
        pytest.param(
            flood(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nTransfer-Encoding: chunked\r\n\r\n",
                b"1000\r\n" + bytes(4096) + b"\r\n",
            ),
            "does not end",
            id="chunks",
        ),
        pytest.param(
            flood(b"HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n", bytes(4096)), "another address", id="redirect"
        ),
        pytest.param(flood(b"HTTP/1.1 200 OK\r\n", b"X-Header: 1\r\n"), "No print server", id="headers"),
        pytest.param(flood(b"HTTP/1.1 200 OK\r\nX-Long: ", bytes(4096)), "No print server", id="one header"),
        pytest.param(flood(b"", b"x" * 4096), "No print server", id="status line"),
    ],
)
def test_an_endless_answer_is_a_bad_answer(answer, words):
    error = error_of(answer)

    assert type(error) is errors.BadAnswer
    assert words in str(error)


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        pytest.param(http(b"<html>", content_type="text/html"), errors.BadAnswer, id="a web page"),
        pytest.param(http(b"", content_type=""), errors.BadAnswer, id="no content type"),
        pytest.param(http(b"<html>"), errors.BadAnswer, id="a web page that says it is IPP"),
        pytest.param(http(b""), errors.BadAnswer, id="nothing"),
        pytest.param(http(bytes(5)), errors.BadAnswer, id="half a header"),
        pytest.param(b"SSH-2.0-OpenSSH_9.2\r\n", errors.BadAnswer, id="another protocol"),
        pytest.param(b"\x15\x03\x01\x00\x02\x02\x16\r\n", errors.BadAnswer, id="TLS"),
        pytest.param(http(b"x", Content_Encoding="gzip"), errors.BadAnswer, id="compressed"),
        pytest.param(http(status=204), errors.BadAnswer, id="204"),
        pytest.param(http(status=301, Location="http://127.0.0.1:9/"), errors.BadAnswer, id="301"),
        pytest.param(http(status=307, Location="/elsewhere"), errors.BadAnswer, id="307"),
        pytest.param(http(status=400), errors.UnknownName, id="400"),
        pytest.param(http(status=401), errors.LoginRequired, id="401 without a login"),
        pytest.param(http(status=403), errors.Forbidden, id="403"),
        pytest.param(http(status=404), errors.NotSupported, id="404"),
        pytest.param(http(status=405), errors.NotSupported, id="405"),
        pytest.param(http(status=408), errors.NotNow, id="408"),
        pytest.param(http(status=413), errors.BadAnswer, id="413"),
        pytest.param(http(status=426), errors.Refused, id="426"),
        pytest.param(http(status=429), errors.NotNow, id="429"),
        pytest.param(http(status=500), errors.NotNow, id="500"),
        pytest.param(http(status=503), errors.NotNow, id="503"),
        pytest.param(http(status=999), errors.NotNow, id="999"),
    ],
)
def test_what_http_says(raw, kind):
    assert type(error_of(lambda *_: raw)) is kind


def test_no_redirect_is_followed():
    with (
        Server(lambda request, _: ipp(request)) as other,
        Server(lambda *_: http(status=302, Location=f"http://{other.address.authority}/")) as server,
        Client(server.address) as client,
    ):
        with pytest.raises(errors.BadAnswer, match="another address"):
            client.queues()

        assert other.requests == []


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        *((0x0100, errors.BadAnswer), (0x0200, errors.BadAnswer), (0x0300, errors.BadAnswer)),
        *((0x0400, errors.Refused), (0x040B, errors.Refused), (0x04FF, errors.Refused)),
        *((0x0401, errors.Forbidden), (0x0402, errors.LoginRequired), (0x0403, errors.Forbidden)),
        *((0x0404, errors.NotPossible), (0x0405, errors.NotNow), (0x0408, errors.Refused)),
        *((0x0500, errors.NotNow), (0x0502, errors.NotNow), (0x0504, errors.NotNow), (0x0505, errors.NotNow)),
        *((0x0506, errors.NotNow), (0x0507, errors.NotNow), (0x0508, errors.NotNow), (0x050A, errors.NotNow)),
        *((0x0501, errors.NotSupported), (0x0503, errors.NotSupported), (0x0509, errors.NotSupported)),
        *((0x0600, errors.BadAnswer), (0x1000, errors.BadAnswer), (0x8000, errors.BadAnswer)),
    ],
    ids=str,
)
def test_what_ipp_says(code, kind):
    assert type(error_of(lambda request, _: ipp(request, code=code))) is kind


@pytest.mark.parametrize("code", [0x0406, 0x0407])
def test_what_is_gone(code):
    with (
        Server(lambda request, _: ipp(request, code=code)) as server,
        Client(server.address) as client,
        pytest.raises(errors.Gone),
    ):
        client.release(7)


@pytest.mark.parametrize("code", [0x0001, 0x0002, 0x00FF])
def test_success_with_a_remark_is_success(code):
    with Server(lambda request, _: ipp(request, code=code)) as server, Client(server.address) as client:
        client.release(7)
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(Message((1, 1), 0, 999, [OPERATION]), id="to another request"),
        pytest.param(Message((60, 104), 0, 1, [OPERATION]), id="of another version"),
        pytest.param(Message((1, 1), 0, 1, []), id="without any group"),
        pytest.param(Message((1, 1), 0, 1, [Group(1, [])]), id="without a charset"),
        pytest.param(Message((1, 1), 0, 1, [job_group(1), OPERATION]), id="groups in another order"),
    ],
)
def test_an_answer_that_breaks_the_rules_is_a_bad_answer(message):
    """Above all: never an empty list of jobs, from which someone could conclude that none is left."""
    assert type(error_of(lambda *_: http(encode(message)))) is errors.BadAnswer


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.binary(max_size=400), st.booleans())
def test_any_bytes_at_all_are_an_error_of_ours(junk, is_body):
    with (
        Server(lambda _, connection: connection.sendall(http(junk) if is_body else junk)) as server,
        Client(server.address, limits=BRIEF) as client,
        pytest.raises(errors.IppError),
    ):
        client.queues()


def pages(*answers: list[int]) -> Answer:
    """A server whose pages of jobs are these, whatever is asked for; after the last one the first again."""
    turns = count()
    return lambda request, _: ipp(request, *map(job_group, answers[next(turns) % len(answers)]))


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(pages([1, 2], [1, 2]), id="the same page again"),
        pytest.param(pages([1, 2], [2, 3]), id="a job again"),
        pytest.param(pages([5, 6], [3, 4]), id="backwards"),
        pytest.param(pages([2, 1]), id="unsorted"),
        pytest.param(pages([1, 1]), id="one job twice"),
        pytest.param(pages([0]), id="number 0"),
        pytest.param(pages([-5]), id="negative number"),
    ],
)
def test_pages_of_jobs_that_do_not_go_on_are_a_bad_answer(answer):
    with Server(answer) as server, Client(server.address) as client, pytest.raises(errors.BadAnswer):
        list(client.jobs())


def test_jobs_without_end_are_a_bad_answer():
    ids = count(1)
    with (
        Server(lambda request, _: ipp(request, job_group(next(ids)))) as server,
        Client(server.address, limits=Limits(jobs=50)) as client,
        pytest.raises(errors.BadAnswer),
    ):
        list(client.jobs())


def test_a_job_that_was_not_asked_for_is_a_bad_answer():
    with (
        Server(lambda request, _: ipp(request, job_group(8))) as server,
        Client(server.address) as client,
        pytest.raises(errors.BadAnswer),
    ):
        client.job(7)


def test_a_queue_that_was_not_asked_for_is_a_bad_answer():
    with (
        Server(lambda request, _: ipp(request, queue_group("back"))) as server,
        Client(server.address) as client,
        pytest.raises(errors.BadAnswer),
    ):
        client.queue("front")
