"""Answers of HTTP servers that are read until a deadline, however slowly they come."""

import io
import socket
import time
from http.client import HTTPResponse
from typing import Any


class _UntilDeadline(io.RawIOBase):
    """Reads from a socket; after `seconds` from now every read is a `TimeoutError`.

    A timeout of a socket is one of silence: a server that sends a byte each second never meets it, neither in
    the body nor in the headers. This wraps what http.client reads both from.
    """

    def __init__(self, sock: socket.socket, raw: io.RawIOBase, seconds: float) -> None:
        self._sock = sock
        self._raw = raw
        self._deadline = time.monotonic() + seconds

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("deadline of the answer")
        self._sock.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class PunctualResponse(HTTPResponse):
    """An answer for which the timeout of the socket, when it is made, counts as a whole.

    For ``response_class`` of an HTTP connection. A read after that is a `TimeoutError`.
    """

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        seconds = sock.gettimeout()
        if seconds is not None:
            raw = self.fp.detach()
            self.fp = io.BufferedReader(_UntilDeadline(sock, raw, seconds))
