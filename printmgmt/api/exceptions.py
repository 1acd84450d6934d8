"""The only place where exceptions become answers of the API."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, UnreadablePostError
from rest_framework import exceptions
from rest_framework.response import Response

from printmgmt.api.problems import PROBLEM_JSON, problem, retry_after
from printmgmt.outages import is_outage, leave_broken_connection

log = structlog.get_logger(__name__)


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
    return Response(body, status=status, content_type=PROBLEM_JSON, headers=retry_after(status))


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
