"""A client's connection: buffers the next request, and limits how long a thread waits for the rest."""

import errno
import re
import socket
import time
from contextlib import suppress
from typing import Any, Final

from gunicorn.workers.gthread import TConn

HEADER_END: Final = b"\r\n\r\n"
GATHERED_AT_MOST: Final = 32 * 1024
"""Bytes of a request that are buffered before a thread starts. Most requests are smaller."""

BODY_SECONDS: Final = 10.0
"""Seconds a thread waits for the rest of a body; longer if it arrives faster than ``BODY_RATE``."""

BODY_RATE: Final = 16 * 1024
"""Bytes per second that a client with a large body must send."""

_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,10})[ \t]*\r\n", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
_LAST_CHUNK = re.compile(rb"(?:^|\r\n)0+(?:[ \t;][^\r\n]*)?\r\n(?:[^\r\n]+\r\n)*\r\n")
_EXPECT = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*(?=\r\n)", re.IGNORECASE)
_CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"


class TimedReader:
    """The reading side of a socket, with time limits.

    Raises ``ConnectionResetError`` for a slow client, which gunicorn treats as a client that disconnected.
    """

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        self.allow(BODY_SECONDS)

    def allow(self, seconds: float, *, stall: float = BODY_SECONDS, rate: float = BODY_RATE) -> None:
        """Reset the limits: ``seconds``, plus time per byte at ``rate``; ``stall`` seconds between bytes."""
        self._deadline, self._stall, self._rate = time.monotonic() + seconds, stall, rate

    def recv(self, size: int) -> bytes:
        """Return up to ``size`` bytes, like ``socket.recv``."""
        before = self._socket.gettimeout()
        left = min(self._deadline - time.monotonic(), self._stall)
        try:
            if left <= 0:
                raise TimeoutError
            self._socket.settimeout(left)
            data = self._socket.recv(size)
        except TimeoutError:
            raise ConnectionResetError(errno.ECONNRESET, "the client is too slow") from None
        finally:
            self._socket.settimeout(before)
        self._deadline += len(data) / self._rate
        return data


class PatientConnection(TConn):  # type: ignore[misc]  # gunicorn has no types
    """Buffers data without a thread, then hands it to gunicorn's parser.

    ``share`` is whose share of the threads the present request takes, None for nobody's.
    """

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.gathered = bytearray()
        self.share: bytes | None = None

    def is_worth_a_thread(self) -> bool:
        """Whether a thread can start: the header is complete, and so is a small body."""
        if len(self.gathered) >= GATHERED_AT_MOST:
            return True
        end = self.gathered.find(HEADER_END)
        if end < 0:
            return False
        header, body = bytes(self.gathered[: end + 2]), end + len(HEADER_END)
        if expected := _EXPECT.search(header):
            self._say_continue(expected)
            return self.is_worth_a_thread()
        if _CHUNKED.search(header):
            return _LAST_CHUNK.search(bytes(self.gathered[body:])) is not None
        length = _LENGTH.search(header)
        return length is None or len(self.gathered) >= min(body + int(length[1]), GATHERED_AT_MOST)

    def _say_continue(self, expected: re.Match[bytes]) -> None:
        """Send ``100 Continue`` and remove the Expect header, or gunicorn would send it again."""
        with suppress(OSError):  # disconnected: the next read notices it
            self.sock.send(_CONTINUE)
        del self.gathered[expected.start() : expected.end()]

    def hand_over(self) -> None:
        """Give the buffered data to the parser, before what it reads from the socket itself."""
        self.init()
        unreader = self.parser.unreader
        if not isinstance(unreader.sock, TimedReader):
            unreader.sock = TimedReader(self.sock)
        unreader.unread(bytes(self.gathered))
        self.gathered.clear()

    def begin(self) -> None:
        """Start the time that the client has for the rest of the body."""
        self.parser.unreader.sock.allow(BODY_SECONDS)

    def refuse(self, answer: bytes) -> None:
        """Send ``answer`` instead of processing the request."""
        with suppress(OSError):  # disconnected
            self.sock.send(answer)
