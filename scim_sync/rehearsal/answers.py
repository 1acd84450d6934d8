"""Interprets responses as Entra does: a resource, a list, nothing, or a failure with an error code."""

from typing import Any

from requests import Response

LIST_RESPONSE = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
SCIM_JSON = "application/scim+json"

CODES = {
    400: "BadRequest",
    401: "InvalidCredentials",
    403: "InsufficientRights",
    404: "InvalidAnchor",
    405: "MethodNotAllowed",
    409: "EntryConflict",
    422: "UnprocessableEntity",
    429: "TooManyRequests",
    501: "ServiceIncompatible",
}


class Failure(Exception):
    """A request failed. `code` is the error code in Entra's provisioning log."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason


def listing(answer: Response) -> list[dict[str, Any]]:
    """Return the resources of a ListResponse.

    Raises Failure for anything else: a 404 and `"Resources": null` are not empty lists to Entra.
    """
    if answer.status_code == 400:
        raise Failure("ServiceIncompatibleFiltering", detail(answer))
    body = _body(answer, 200)
    resources, total = body.get("Resources"), body.get("totalResults")
    if LIST_RESPONSE not in _schemas(body) or type(total) is not int or not isinstance(resources, list):
        raise _incompatible(answer, "not a ListResponse with totalResults and Resources")
    if total < len(resources) or any(not isinstance(r, dict) or not _has_id(r) for r in resources):
        raise _incompatible(answer, "a ListResponse whose resources have no id or exceed totalResults")
    return resources


def created(answer: Response) -> dict[str, Any]:
    """Return the resource of a successful POST."""
    return _resource(answer, 200, 201)


def read(answer: Response) -> dict[str, Any]:
    """Return the resource of a successful GET by id."""
    return _resource(answer, 200)


def patched(answer: Response) -> None:
    """Accept 204, or 200 with the resource."""
    if answer.status_code != 204:
        _resource(answer, 200)


def deleted(answer: Response) -> None:
    """Accept any 2xx, and 404: the resource is deleted already."""
    if answer.status_code != 404 and not answer.ok:
        raise _failed(answer)


def detail(answer: Response) -> str:
    """Return the `detail` of a SCIM error, or the start of the body. Customers see it in their log."""
    try:
        body = answer.json()
    except ValueError:
        return answer.text[:200]
    return str(body.get("detail", "")) if isinstance(body, dict) else answer.text[:200]


def _resource(answer: Response, *expected: int) -> dict[str, Any]:
    body = _body(answer, *expected)
    if not _has_id(body) or not _schemas(body):
        raise _incompatible(answer, "a resource without id or schemas")
    return body


def _body(answer: Response, *expected: int) -> dict[str, Any]:
    if answer.status_code not in expected:
        raise _failed(answer)
    # The real service has refused application/json instead of SCIM JSON.
    content_type = answer.headers.get("Content-Type", "").partition(";")[0].strip().casefold()
    if content_type != SCIM_JSON:
        raise _incompatible(answer, f"content type {content_type or 'missing'} instead of {SCIM_JSON}")
    try:
        body = answer.json()
    except ValueError:
        raise _incompatible(answer, "not JSON") from None
    if not isinstance(body, dict):
        raise _incompatible(answer, "not a JSON object")
    return body


def _has_id(resource: dict[str, Any]) -> bool:
    return isinstance(resource.get("id"), str) and bool(resource["id"])


def _schemas(body: dict[str, Any]) -> list[Any]:
    schemas = body.get("schemas")
    return schemas if isinstance(schemas, list) else []


def _failed(answer: Response) -> Failure:
    status = answer.status_code
    code = CODES.get(status, "InternalServerError" if status >= 500 else "ServiceIncompatible")
    return Failure(code, f"HTTP {status} {detail(answer)}".strip())


def _incompatible(answer: Response, why: str) -> Failure:
    return Failure("ServiceIncompatible", f"HTTP {answer.status_code}: {why}")
