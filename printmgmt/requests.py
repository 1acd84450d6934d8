"""Which request it is: an id for every one, in all that comes of it; and the address of who sent it."""

from collections.abc import Callable
from contextvars import ContextVar
from ipaddress import ip_address
from uuid import uuid4

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

_sender: ContextVar[str | None] = ContextVar("sender", default=None)


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
        sender = _sender.set(client_address(request))
        try:
            response = self.get_response(request)
        finally:
            _sender.reset(sender)
        response["X-Request-ID"] = request_id
        # The context stays for what the server still logs of this request; the thread's next one clears it.
        return response


def sender_address() -> str | None:
    """`client_address` of the request that is being answered; None outside one, as in a worker."""
    return _sender.get()


def client_address(request: HttpRequest) -> str | None:
    """The address of whoever sent the request, as text; None where there is none, as over a Unix socket.

    Each of our own proxies (``TRUSTED_PROXIES``) appends to ``X-Forwarded-For`` whom it was called by: so far
    from the end the header is believed, and whatever stands before that anybody may have written.
    """
    trusted: int = settings.TRUSTED_PROXIES
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if 0 < trusted <= len(hops) and (forwarded := _address(hops[-trusted])):
        return forwarded
    return _address(request.META.get("REMOTE_ADDR", ""))


def _address(text: str) -> str | None:
    """An address, also in brackets or with a port, as some proxies write it."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return str(ip_address(text.partition("%")[0]))  # a zone means something on one machine only
    except ValueError:
        return None
