"""What the application left unread of a body: read it, or the next request on the connection begins in it."""

from collections.abc import Callable, Iterable
from typing import Any, Final
from wsgiref.types import WSGIApplication, WSGIEnvironment

from gunicorn.http.errors import ParseException

from printmgmt.web.connection import TimedReader

DRAINED_AT_MOST: Final = 8 * 1024 * 1024
"""Bytes: more than the largest body that is taken anywhere (Bulk, 5 MiB)."""

DRAIN_SECONDS: Final = 5.0
STALL_SECONDS: Final = 0.5
"""Who refused body is still on its way sends it without a pause; whoever pauses is not waited for."""


def draining(application: WSGIApplication) -> WSGIApplication:
    """Wrap the ``application`` for gunicorn: after it has answered, and before a byte of it is sent, drain.

    What cannot be drained is the end of the connection, and the answer says so (``Connection: close``, which
    gunicorn lets no application say by itself).
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
    except (OSError, ParseException):  # gone, too slow, or chunks that are none
        return False
    return True
