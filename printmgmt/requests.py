"""An id for every request: in its log lines, its events, runs and audit rows, and in the answer."""

from collections.abc import Callable
from uuid import uuid4

import structlog
from django.http import HttpRequest, HttpResponseBase


class RequestIdMiddleware:
    """Sets ``request.request_id`` (32 hex digits) and answers it as ``X-Request-ID``.

    Always made here: a client's own id could be forged, repeated or a way into the logs.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id = uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]  # HttpRequest has no place for it
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        response = self.get_response(request)
        response["X-Request-ID"] = request_id
        # The context stays for what the server still logs of this request; the thread's next one clears it.
        return response
