"""Activates the language that an account chose, instead of the browser's."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

LANGUAGES = frozenset(code for code, _name in settings.LANGUAGES)


class AccountLanguageMiddleware:
    """Must come after authentication. Makes no query without a session cookie, as for SCIM and probes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        chosen = self._chosen(request)
        if chosen in LANGUAGES:
            translation.activate(chosen)
            request.LANGUAGE_CODE = chosen
        return self.get_response(request)

    def _chosen(self, request: HttpRequest) -> str:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return ""
        return request.user.language
