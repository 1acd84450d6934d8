"""Requests that programs send go past what only browsers need: sessions, languages, sign-in, forms, messages.

The rest of the way is the same: request id, security headers, host check, error answers.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.module_loading import import_string

Respond = Callable[[HttpRequest], HttpResponseBase]

_prefixes: set[str] = set()


def skip_console_under(prefix: str) -> None:
    """Run none of the console's middleware on paths that start with ``prefix`` (no leading slash)."""
    _prefixes.add("/" + prefix)


class ApiMiddleware:
    """Stands before the console's middleware, and sends requests of programs to API_MIDDLEWARE instead."""

    def __init__(self, get_response: Respond) -> None:
        self._answer_page = get_response
        self._answer_program = _ApiHandler().respond

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(tuple(_prefixes)):
            return self._answer_page(request)
        # What a program is told is read in logs, by people of any language: neither cookie nor header counts,
        # nor the language that a page has left in this thread.
        with translation.override(settings.LANGUAGE_CODE):
            return self._answer_program(request)


class _ApiHandler(BaseHandler):
    """Django's handler, which finds the view and calls it, behind API_MIDDLEWARE.

    Those have no hooks but the call itself: ``process_view`` and its like would not be called.
    """

    def __init__(self) -> None:
        self._view_middleware: list[Any] = []
        self._template_response_middleware: list[Any] = []
        self._exception_middleware: list[Any] = []
        respond: Any = convert_exception_to_response(self._get_response)  # type: ignore[attr-defined]
        for name in reversed(settings.API_MIDDLEWARE):
            respond = convert_exception_to_response(import_string(name)(respond))
        self.respond: Respond = respond
