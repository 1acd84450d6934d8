"""A server on loopback that answers as a test tells it to, and remembers what it was sent."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple, Self

from printmgmt.printing.ipp.address import ServerAddress
from printmgmt.printing.ipp.codec import Attribute, Group, Message, Value, decode, encode
from printmgmt.printing.ipp.values import Tag


class Request(NamedTuple):
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def message(self) -> Message:
        return decode(self.body)


# Returns bytes to be sent; or sends them itself and returns None, and the connection is closed.
Answer = Callable[[Request, socket.socket], bytes | None]


class Server:
    """Answers every request by `answer`, each connection in a thread of its own."""

    def __init__(self, answer: Answer, *, at: str = "127.0.0.1") -> None:
        self.answer = answer
        self.requests: list[Request] = []
        self.connections = 0
        self._ended = threading.Event()
        self._listener = socket.create_server((at, 0))
        self._threads = [threading.Thread(target=self._accept)]
        port = self._listener.getsockname()[1]
        self.address = ServerAddress.parse(f"ipp://{at}:{port}/")

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        # Closing alone does not wake the thread that waits in accept().
        with suppress(OSError), socket.create_connection(self._listener.getsockname(), timeout=1):
            pass
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            if self._ended.is_set():
                connection.close()
                return
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=[connection])
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(10)
        with connection, suppress(OSError), connection.makefile("rb") as stream:
            while head := stream.readline():
                if not head.endswith(b" HTTP/1.1\r\n"):
                    connection.sendall(http(status=400))
                    return
                method, path, _ = head.decode().split()
                headers = {}
                while (line := stream.readline()) not in (b"\r\n", b""):
                    name, _, value = line.decode().partition(":")
                    headers[name.lower()] = value.strip()
                request = Request(method, path, headers, stream.read(int(headers.get("content-length", 0))))
                self.requests.append(request)
                raw = self.answer(request, connection)
                if raw is None:
                    return
                connection.sendall(raw)


def http(
    body: bytes = b"", status: int = 200, content_type: str = "application/ipp", **headers: str
) -> bytes:
    """Return an answer of HTTP; keywords are further headers, `_` standing for `-`."""
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Type: {content_type}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


OPERATION = Group(
    1,
    [
        Attribute("attributes-charset", [Value(Tag.CHARSET, "utf-8")]),
        Attribute("attributes-natural-language", [Value(Tag.NATURAL_LANGUAGE, "en")]),
    ],
)


def ipp(request: Request, *groups: Group, code: int = 0) -> bytes:
    """Return the answer to a request with these groups, as a server that keeps to the rules sends it."""
    return http(encode(Message((1, 1), code, request.message.request_id, [OPERATION, *groups])))


def job_group(job_id: int, **more: Value) -> Group:
    """Return a held job of alice; keywords are further attributes, `_` standing for `-`."""
    fields = {
        "job-id": Value(Tag.INTEGER, job_id),
        "job-state": Value(Tag.ENUM, 4),
        "job-originating-user-name": Value(Tag.NAME, "alice"),
    } | {name.replace("_", "-"): value for name, value in more.items()}
    return Group(2, [Attribute(name, [value]) for name, value in fields.items()])


def queue_group(name: str, uuid: str = "urn:uuid:1", **more: Value) -> Group:
    fields = {
        "printer-name": Value(Tag.NAME, name),
        "printer-uuid": Value(Tag.URI, uuid),
        "printer-state": Value(Tag.ENUM, 3),
    } | {name.replace("_", "-"): value for name, value in more.items()}
    return Group(4, [Attribute(name, [value]) for name, value in fields.items()])
