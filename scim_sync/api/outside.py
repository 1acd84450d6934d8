"""Errors under /scim/ outside a view: an unknown path, a bad Host, a crash, too many requests."""

import json
from http import HTTPStatus

from django.http import HttpRequest, JsonResponse
from django_scim.constants import SCIM_CONTENT_TYPE

from printmgmt.outages import RETRY_AFTER
from printmgmt.web.refusals import Refusal
from scim_sync.protocol.errors import error_body

DATABASE_AWAY = "The database did not answer; try again"

DETAILS = {
    HTTPStatus.BAD_REQUEST: "The request cannot be read",
    HTTPStatus.FORBIDDEN: "This is not allowed",
    HTTPStatus.NOT_FOUND: "There is nothing at this address; check the Tenant URL",
    HTTPStatus.SERVICE_UNAVAILABLE: DATABASE_AWAY,
}


def answer_error(request: HttpRequest, status: HTTPStatus) -> JsonResponse:
    """A SCIM error (RFC 7644 §3.12) with this status and no internal details."""
    reference = getattr(request, "request_id", "")
    detail = DETAILS.get(status, f"Something went wrong here; the request id is {reference}")
    headers = {"Retry-After": RETRY_AFTER} if status == HTTPStatus.SERVICE_UNAVAILABLE else None
    body = error_body(status, detail)
    return JsonResponse(body, status=status, content_type=SCIM_CONTENT_TYPE, headers=headers)


def too_many() -> Refusal:
    """The answer to a request for which its directory's other requests leave no room."""
    detail = "Too many requests of this Tenant URL are waiting; try again later"
    return Refusal(SCIM_CONTENT_TYPE, json.dumps(error_body(HTTPStatus.TOO_MANY_REQUESTS, detail)).encode())
