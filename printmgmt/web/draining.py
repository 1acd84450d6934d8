"""Reads the unread rest of a body, which the connection would otherwise parse as the next request."""

from collections.abc import Callable, Iterable
from typing import Any, Final
from wsgiref.types import WSGIApplication, WSGIEnvironment

from gunicorn.http.errors import ParseException

from printmgmt.web.connection import TimedReader

DRAINED_AT_MOST: Final = 8 * 1024 * 1024
"""Bytes: more than the largest body that any view accepts (Bulk, 5 MiB)."""

DRAIN_SECONDS: Final = 5.0
STALL_SECONDS: Final = 0.5
"""A client that is still sending a refused body does not pause. If it does, we do not wait for it."""


def draining(application: WSGIApplication) -> WSGIApplication:
    """Wrap the ``application`` for gunicorn: drain the body after its response is ready, before it is sent.

    If the body cannot be drained, close the connection and send ``Connection: close``, which gunicorn does
    not let applications set themselves.
    """

    def wrapped(environ: WSGIEnvironment, start_response: Callable[..., Any]) -> Iterable[bytes]:
        answer = application(environ, start_response)
        response: Any = start_response.__self__  # type: ignore[attr-defined]  # gunicorn's own Response
        if not _is_drained(response.req):
            response.force_close()
        return answer

    return wrapped


def _is_drained(request: Any) -> bool:
    reader: TimedReader = request.unreader.sock
    reader.allow(DRAIN_SECONDS, stall=STALL_SECONDS, rate=float("inf"))
    drained = 0
    try:
        while data := request.body.read(64 * 1024):
            drained += len(data)
            if drained > DRAINED_AT_MOST:
                return False
    except (OSError, ParseException):  # disconnected, too slow, or invalid chunks
        return False
    return True
