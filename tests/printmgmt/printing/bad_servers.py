"""Print servers that answer wrongly, slowly or not at all, on a loopback socket: ``bad_server(name)``."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from .bad_answers import BAD_ANSWERS, Behavior, Conversation

ADDRESS = "127.0.0.1"


@dataclass
class BadServer:
    """Where a bad server listens, and what it got: the heads and bodies of the requests."""

    port: int
    requests: list[tuple[bytes, bytes]] = field(default_factory=list)

    @property
    def uri(self) -> str:
        return f"ipp://{ADDRESS}:{self.port}/"


@contextmanager
def bad_server(name: str) -> Iterator[BadServer]:
    """Run the server of that name (of ``BAD_ANSWERS``) as often as it is called, until the block ends."""
    behavior, is_over = BAD_ANSWERS[name], threading.Event()
    with socket.create_server((ADDRESS, 0)) as listener:
        server = BadServer(listener.getsockname()[1])
        threads: list[threading.Thread] = []

        def accept() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                threads.append(
                    threading.Thread(target=_converse, args=(connection, behavior, server, is_over))
                )
                threads[-1].start()

        threads.append(threading.Thread(target=accept))
        threads[0].start()
        try:
            yield server
        finally:
            is_over.set()
            listener.shutdown(socket.SHUT_RDWR)
            for thread in threads:
                thread.join(10)


@contextmanager
def offline_server() -> Iterator[BadServer]:
    """A port of this machine on which nobody listens and that nobody else is given."""
    with socket.socket() as holder:
        holder.bind((ADDRESS, 0))
        yield BadServer(holder.getsockname()[1])


def _converse(
    connection: socket.socket, behavior: Behavior, server: BadServer, is_over: threading.Event
) -> None:
    """Read one request to its end and behave; anyone who hangs up on us is right."""
    connection.settimeout(30)
    with connection:
        try:
            head, body = _read_request(connection)
            server.requests.append((head, body))
            behavior(Conversation(connection, is_over, head, body))
        except OSError:
            return


def _read_request(connection: socket.socket) -> tuple[bytes, bytes]:
    """Return the head and the body of a request with a Content-Length. ``OSError`` if it does not come."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += _receive(connection)
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    wanted = int(lengths[0].partition(b":")[2]) if lengths else 0
    while len(body) < wanted:
        body += _receive(connection)
    return head, body


def _receive(connection: socket.socket) -> bytes:
    data = connection.recv(65536)
    if not data:
        raise ConnectionError("hung up")
    return data
