"""What bad print servers answer, each by a name: wrongly, slowly, without an end, or not at all.

It is made of bytes here, with no code of the console's. ``bad_servers`` runs them.
"""

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass

IPP = "application/ipp"
LOGIN_PAGE = b"<!DOCTYPE html><title>Sign in</title><form><input name=user><input name=password></form>"


def answer(
    request: bytes, *, version: bytes = b"\x02\x00", status: int = 0, request_id: int | None = None
) -> bytes:
    """Return an IPP answer (RFC 8010 §3.1) of one group: charset and language. ``request``: its body."""
    number = request[4:8] if request_id is None else request_id.to_bytes(4, "big")
    words = ((0x47, "attributes-charset", "utf-8"), (0x48, "attributes-natural-language", "en"))
    attributes = b"".join(
        bytes([tag])
        + len(name).to_bytes(2, "big")
        + name.encode()
        + len(value).to_bytes(2, "big")
        + value.encode()
        for tag, name, value in words
    )
    return version + status.to_bytes(2, "big") + number + b"\x01" + attributes + b"\x03"


def http(status: str, body: bytes, *, kind: str = IPP, headers: str = "", length: int | None = None) -> bytes:
    """Return an HTTP answer; ``length`` is what it says of its body, if that is not the truth."""
    said = len(body) if length is None else length
    lines = (f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {said}", "Connection: close")
    return ("\r\n".join(lines) + f"\r\n{headers}\r\n").encode() + body


@dataclass
class Conversation:
    """One request as it came, and the way back; ``is_over`` is set when the test is."""

    connection: socket.socket
    is_over: threading.Event
    head: bytes
    body: bytes

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def wait(self, seconds: float = 600) -> None:
        """Hold the connection open, saying nothing."""
        self.is_over.wait(seconds)


Behavior = Callable[[Conversation], None]


def _says(make: Callable[[bytes], bytes]) -> Behavior:
    """Answers with what ``make`` makes of the body of the request, and closes."""
    return lambda talk: talk.send(make(talk.body))


def _is_silent(talk: Conversation) -> None:
    talk.wait()


def _hangs_after_headers(talk: Conversation) -> None:
    talk.send(http("200 OK", b"", length=1000))
    talk.wait()


def _drips(talk: Conversation) -> None:
    """A byte every tenth of a second: no single read of it takes long."""
    talk.send(http("200 OK", b"", length=1_000_000))
    talk.send(answer(talk.body)[:8])
    while not talk.is_over.wait(0.1):
        talk.send(b"\x01")


def _drips_headers(talk: Conversation) -> None:
    talk.send(b"HTTP/1.1 200 OK\r\n")
    while not talk.is_over.wait(0.1):
        talk.send(b"X: y\r\n")


def _never_ends(talk: Conversation) -> None:
    """A body without a length: one group after the other, as fast as it is read."""
    talk.send(b"HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nConnection: close\r\n\r\n")
    talk.send(answer(talk.body)[:-1])
    job = b"\x02" + b"\x21\x00\x06job-id\x00\x04\x00\x00\x00\x01"
    while not talk.is_over.is_set():
        talk.send(job * 4096)


def _never_ends_in_chunks(talk: Conversation) -> None:
    talk.send(b"HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not talk.is_over.is_set():
        talk.send(b"10000\r\n" + b"\x00" * 0x10000 + b"\r\n")


def _resets(talk: Conversation) -> None:
    """A reset instead of an answer (SO_LINGER of 0)."""
    talk.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")


def _status(line: str, headers: str = "") -> Behavior:
    return _says(lambda _: http(line, b"<p>No.</p>", kind="text/html", headers=headers))


SLOW: dict[str, Behavior] = {
    "silent": _is_silent,
    "hangs after headers": _hangs_after_headers,
    "drips bytes": _drips,
    "drips headers": _drips_headers,
}
ENDLESS: dict[str, Behavior] = {
    "endless body": _never_ends,
    "endless chunks": _never_ends_in_chunks,
}
REFUSING: dict[str, Behavior] = {
    "HTTP 400": _status("400 Bad Request"),
    "HTTP 401": _status("401 Unauthorized", 'WWW-Authenticate: Basic realm="CUPS"\r\n'),
    "HTTP 401 Negotiate": _status("401 Unauthorized", "WWW-Authenticate: Negotiate\r\n"),
    "HTTP 403": _status("403 Forbidden"),
    "HTTP 404": _status("404 Not Found"),
    "HTTP 426": _status("426 Upgrade Required", "Connection: Upgrade\r\nUpgrade: TLS/1.2,HTTP/1.1\r\n"),
    "HTTP 500": _status("500 Internal Server Error"),
    "HTTP 503": _status("503 Service Unavailable", "Retry-After: 30\r\n"),
    "redirect": _status("301 Moved Permanently", "Location: https://elsewhere.contoso.example/\r\n"),
}
LYING: dict[str, Behavior] = {
    "closes": lambda talk: None,
    "resets": _resets,
    "no HTTP": _says(lambda _: b"220 mail.contoso.example ESMTP\r\n"),
    "login page": _says(lambda _: http("200 OK", LOGIN_PAGE, kind="text/html; charset=utf-8")),
    "wrong content type": _says(lambda body: http("200 OK", answer(body), kind="text/plain")),
    "empty body": _says(lambda _: http("200 OK", b"")),
    "truncated": _says(lambda body: http("200 OK", answer(body)[:-9])),
    "shorter than its length": _says(lambda body: http("200 OK", answer(body), length=5000)),
    "no end tag": _says(lambda body: http("200 OK", answer(body)[:-1])),
    "attribute beyond its end": _says(lambda body: http("200 OK", answer(body)[:9] + b"\x47\xff\xffx\x03")),
    "wrong request-id": _says(lambda body: http("200 OK", answer(body, request_id=4_242_424))),
    "wrong version": _says(lambda body: http("200 OK", answer(body, version=b"\x09\x09"))),
    "bytes by chance": _says(lambda _: http("200 OK", bytes(range(256)))),
}
# IPP statuses (RFC 8011 §4.1.6 and appendix B) in a sound answer.
IPP_STATUSES: dict[str, Behavior] = {
    f"IPP 0x{status:04x}": _says(lambda body, status=status: http("200 OK", answer(body, status=status)))  # type: ignore[misc]
    for status in (0x0400, 0x0401, 0x0402, 0x0403, 0x0404, 0x0405, 0x0406, 0x0407, 0x040B, 0x0500, 0x0501)
    + (0x0503, 0x0505, 0x0507, 0x0FFF)
}
BAD_ANSWERS = {**SLOW, **ENDLESS, **REFUSING, **LYING, **IPP_STATUSES}
