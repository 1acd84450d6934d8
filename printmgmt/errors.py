"""Error responses outside views: APIs and the station page register their prefix; else console HTML."""

import sys
from collections.abc import Callable
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponseBase
from django.views import csrf, defaults

from printmgmt.outages import is_outage, outage_page

ApiErrors = Callable[[HttpRequest, HTTPStatus], HttpResponseBase]
"""Returns the response for one error of an API: 400, 403, 404, 500 or 503."""

_owners: dict[str, ApiErrors] = {}


class Gone(Http404):
    """An object on an outdated page does not exist any more. The text explains what may have happened.

    Raise it only for accounts that may see the organization; others get a 404 without an explanation.
    """


def answer_errors_under(prefix: str, answer: ApiErrors) -> None:
    """Register ``answer`` for errors on paths that start with ``prefix`` (no leading slash)."""
    _owners["/" + prefix] = answer


def owner_of(path: str) -> ApiErrors | None:
    """Return the function registered for ``path``, or None for the console."""
    return next((answer for prefix, answer in _owners.items() if path.startswith(prefix)), None)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    owner = owner_of(request.path)
    return owner(request, HTTPStatus.BAD_REQUEST) if owner else defaults.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    owner = owner_of(request.path)
    return owner(request, HTTPStatus.FORBIDDEN) if owner else defaults.permission_denied(request, exception)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """Answer a form without its token: it was open for too long, or is another site's."""
    owner = owner_of(request.path)
    return owner(request, HTTPStatus.FORBIDDEN) if owner else csrf.csrf_failure(request, reason)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    owner = owner_of(request.path)
    if owner:
        return owner(request, HTTPStatus.NOT_FOUND)
    template = "404_gone.html" if isinstance(exception, Gone) else "404.html"
    return defaults.page_not_found(request, exception, template_name=template)


def server_error(request: HttpRequest) -> HttpResponseBase:
    owner = owner_of(request.path)
    if is_outage(sys.exc_info()[1]):
        return owner(request, HTTPStatus.SERVICE_UNAVAILABLE) if owner else outage_page()
    return owner(request, HTTPStatus.INTERNAL_SERVER_ERROR) if owner else defaults.server_error(request)
