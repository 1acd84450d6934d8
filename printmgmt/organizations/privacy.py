"""Pages of somebody who is signed in are about people: no cache keeps them, no browser's and no proxy's."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase


class NoStoreMiddleware:
    """Stands behind authentication and answers ``Cache-Control: no-store`` where a view says nothing itself.

    Without a session cookie it asks nothing: SCIM and probes pay nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # Before the view: the one that signs somebody out is about them, too.
        is_private = settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated
        response = self.get_response(request)
        if is_private and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response
