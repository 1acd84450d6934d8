"""The id of a request, for logs and records, and the IP address of its sender."""

from collections.abc import Callable
from contextvars import ContextVar
from ipaddress import ip_address
from uuid import uuid4

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

_sender: ContextVar[str | None] = ContextVar("sender", default=None)


class RequestIdMiddleware:
    """Sets ``request.request_id`` (32 hex digits) and returns it as ``X-Request-ID``.

    Never takes the id from the client: it could be forged, repeated or used to inject text into logs.
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
        # Not cleared here: the server may still log about this request. The next request clears it.
        return response


def sender_address() -> str | None:
    """Return the `client_address` of the present request; None outside a request, as in a worker."""
    return _sender.get()


def client_address(request: HttpRequest) -> str | None:
    """Return the IP address of the client as text; None if there is none, as over a Unix socket.

    Each of our own proxies (``TRUSTED_PROXIES``) appends its caller to ``X-Forwarded-For``. So only that many
    entries at the end of the header are trusted; anyone may have written those before.
    """
    trusted: int = settings.TRUSTED_PROXIES
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if 0 < trusted <= len(hops) and (forwarded := _address(hops[-trusted])):
        return forwarded
    return _address(request.META.get("REMOTE_ADDR", ""))


def _address(text: str) -> str | None:
    """Return the address in ``text``, which may have brackets or a port, as some proxies write it."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return str(ip_address(text.partition("%")[0]))  # an IPv6 zone is meaningful on one machine only
    except ValueError:
        return None
