"""Errors as problem details (RFC 9457): the only place where exceptions become answers of the API."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, Final

import structlog
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, JsonResponse, UnreadablePostError
from rest_framework import exceptions
from rest_framework.response import Response

from printmgmt.outages import RETRY_AFTER, is_outage, leave_broken_connection

log = structlog.get_logger(__name__)

PROBLEM_JSON: Final = "application/problem+json"

DETAILS: Final = {
    HTTPStatus.BAD_REQUEST: "The request cannot be read.",
    HTTPStatus.FORBIDDEN: "This is not allowed.",
    HTTPStatus.NOT_FOUND: "There is nothing at this address.",
    HTTPStatus.REQUEST_TIMEOUT: "The body did not arrive.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something went wrong here. Tell your administrator the request id.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The database did not answer. Try again.",
}


def problem(status: int, request: Any, detail: str = "", **members: Any) -> dict[str, Any]:
    """Return a problem details object; without ``detail`` it has the general one of its status.

    ``type`` is left out, which means ``about:blank``: the status says what is wrong (RFC 9457 §4.2.1).
    ``members`` are extension members (§3.2); ``request_id`` is one of every problem.
    """
    known = HTTPStatus(status)
    return {
        "title": known.phrase,
        "status": known.value,
        "detail": detail or DETAILS.get(known, known.description),
        "request_id": getattr(request, "request_id", ""),
        **members,
    }


def answer_error(request: HttpRequest, status: HTTPStatus) -> JsonResponse:
    """Answer an error that no view answered: a bad Host, a path that is not routed, a crash around a view."""
    body = problem(status, request)
    return JsonResponse(body, status=status, content_type=PROBLEM_JSON, headers=_retry_after(status))


def problem_response(exc: Exception, context: dict[str, Any]) -> Response:
    """Return the response to ``exc``; for an unexpected exception a 500 without internal details."""
    request = context.get("request")
    if isinstance(exc, exceptions.ValidationError):
        errors = [{"pointer": pointer, "detail": detail} for pointer, detail in _invalid(exc.detail, "#")]
        return _response(exc.status_code, request, "The body is not valid.", errors=errors)
    if isinstance(exc, exceptions.APIException):
        response = _response(exc.status_code, request, str(exc.detail))
        if header := getattr(exc, "auth_header", None):
            response["WWW-Authenticate"] = header
        if wait := getattr(exc, "wait", None):
            response["Retry-After"] = str(int(wait))
        return response
    status = _status_of(exc)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.exception("the API could not answer", status=status.value)
    return _response(status, request)


def _status_of(exc: Exception) -> HTTPStatus:
    if isinstance(exc, Http404):
        return HTTPStatus.NOT_FOUND
    if isinstance(exc, PermissionDenied):
        return HTTPStatus.FORBIDDEN
    if isinstance(exc, UnreadablePostError):
        return HTTPStatus.REQUEST_TIMEOUT
    if isinstance(exc, SuspiciousOperation):
        return HTTPStatus.BAD_REQUEST
    if is_outage(exc):
        leave_broken_connection()
        return HTTPStatus.SERVICE_UNAVAILABLE
    return HTTPStatus.INTERNAL_SERVER_ERROR


def _response(status: int, request: Any, detail: str = "", **members: Any) -> Response:
    body = problem(status, request, detail, **members)
    return Response(body, status=status, content_type=PROBLEM_JSON, headers=_retry_after(status))


def _retry_after(status: int) -> dict[str, str] | None:
    return {"Retry-After": RETRY_AFTER} if status == HTTPStatus.SERVICE_UNAVAILABLE else None


def _invalid(detail: Any, pointer: str) -> Iterator[tuple[str, str]]:
    """What is wrong where: a JSON pointer as a URI fragment (RFC 6901 §6), and a sentence."""
    if isinstance(detail, dict):
        for name, below in detail.items():
            # Errors of the whole object stand under a name of their own.
            step = "" if name == "non_field_errors" else f"/{_escaped(str(name))}"
            yield from _invalid(below, pointer + step)
    elif isinstance(detail, list):
        for position, below in enumerate(detail):
            is_sentence = isinstance(below, str)
            yield from _invalid(below, pointer if is_sentence else f"{pointer}/{position}")
    else:
        yield pointer, str(detail)


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
