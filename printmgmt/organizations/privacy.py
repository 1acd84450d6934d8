"""Keeps pages of signed-in accounts, which show personal data, out of browser and proxy caches."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase


class NoStoreMiddleware:
    """Sets ``Cache-Control: no-store`` unless the view has set the header. Must come after authentication.

    Makes no query without a session cookie, as for SCIM and probes.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # Checked before the view, because the view may sign the account out.
        is_private = settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated
        response = self.get_response(request)
        if is_private and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response
