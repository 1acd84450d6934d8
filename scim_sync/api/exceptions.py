"""The only place where exceptions become SCIM answers (RFC 7644 §3.12)."""

from http import HTTPStatus
from math import ceil
from typing import Any

import structlog
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, UnreadablePostError
from django_scim.exceptions import SCIMException
from rest_framework import exceptions
from rest_framework.response import Response

from printmgmt.outages import RETRY_AFTER, is_outage, leave_broken_connection
from scim_sync.api.outside import DATABASE_AWAY
from scim_sync.protocol.errors import error_body

log = structlog.get_logger(__name__)


def scim_response(exc: Exception, context: dict[str, Any]) -> Response:
    """The answer to ``exc``; an unexpected one is a 500 that names only the request id."""
    if isinstance(exc, SCIMException):
        return Response(error_body(exc.status, exc.detail, exc.scim_type), status=exc.status)
    if isinstance(exc, exceptions.APIException):
        return _of_drf(exc)
    if isinstance(exc, Http404):
        return _plain(HTTPStatus.NOT_FOUND, "There is nothing at this address")
    if isinstance(exc, RequestDataTooBig):
        return _plain(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The body is too large")
    if isinstance(exc, UnreadablePostError):
        return _plain(HTTPStatus.REQUEST_TIMEOUT, "The body did not arrive")
    if isinstance(exc, SuspiciousOperation):
        return _plain(HTTPStatus.BAD_REQUEST, "The request cannot be read")
    if is_outage(exc):
        leave_broken_connection()
        # Never 401 and never 500: Azure quarantines a job for either, and comes back after a 503.
        log.exception("database did not answer")
        response = _plain(HTTPStatus.SERVICE_UNAVAILABLE, DATABASE_AWAY)
        response["Retry-After"] = RETRY_AFTER
        return response
    log.exception("unexpected error")
    reference = getattr(context.get("request"), "request_id", "")
    return _plain(
        HTTPStatus.INTERNAL_SERVER_ERROR, f"Something went wrong here; the request id is {reference}"
    )


def _of_drf(exc: exceptions.APIException) -> Response:
    scim_type = "invalidSyntax" if isinstance(exc, exceptions.ParseError) else None
    detail = exc.detail if isinstance(exc.detail, str) else str(exc)
    response = Response(error_body(exc.status_code, str(detail), scim_type), status=exc.status_code)
    if header := getattr(exc, "auth_header", None):
        response["WWW-Authenticate"] = header
    if wait := getattr(exc, "wait", None):
        response["Retry-After"] = str(ceil(wait))
    return response


def _plain(status: HTTPStatus, detail: str) -> Response:
    return Response(error_body(status, detail), status=status)
