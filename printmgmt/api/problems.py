"""Errors as problem details (RFC 9457), and the answers to errors that no view of the API answered."""

from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, JsonResponse

from printmgmt.outages import RETRY_AFTER

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
    return JsonResponse(body, status=status, content_type=PROBLEM_JSON, headers=retry_after(status))


def retry_after(status: int) -> dict[str, str] | None:
    """Return the headers of an answer that says when to try again, or None."""
    return {"Retry-After": RETRY_AFTER} if status == HTTPStatus.SERVICE_UNAVAILABLE else None
