"""Errors of the token endpoint (RFC 6749 §5.2): JSON whatever goes wrong, and nothing that tells why."""

from http import HTTPStatus
from typing import Final

from authlib.oauth2.rfc6749.errors import (
    InvalidClientError,
    InvalidRequestError,
    OAuth2Error,
)
from django.http import HttpRequest, JsonResponse

from printmgmt.outages import RETRY_AFTER

NO_STORE: Final = {"Cache-Control": "no-store", "Pragma": "no-cache"}

CHALLENGE: Final = 'Basic realm="token endpoint", charset="UTF-8"'


class MalformedRequest(InvalidRequestError):  # type: ignore[misc]  # Authlib has no types
    """A request that cannot be read. ``status_code`` is 400 unless another one says it better."""


class UnknownGrant(OAuth2Error):  # type: ignore[misc]
    """Another grant than client credentials, such as the token exchange that Entra uses for Google alone."""

    error = "unsupported_grant_type"
    description = "Only the grant_type client_credentials is supported"


class NotAuthenticated(InvalidClientError):  # type: ignore[misc]
    """401 with the same text for every reason."""

    status_code = HTTPStatus.UNAUTHORIZED
    description = "The client could not be authenticated"

    def get_headers(self) -> list[tuple[str, str]]:
        return [*OAuth2Error.get_headers(self), ("WWW-Authenticate", CHALLENGE)]


class TooManyRequests(OAuth2Error):  # type: ignore[misc]
    """429; ``seconds`` is when to try again."""

    error = "temporarily_unavailable"
    description = "Too many requests; try again later"
    status_code = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.seconds = seconds

    def get_headers(self) -> list[tuple[str, str]]:
        return [*super().get_headers(), ("Retry-After", str(max(self.seconds, 1)))]


WORDS: Final = {
    HTTPStatus.BAD_REQUEST: ("invalid_request", "The request cannot be read"),
    HTTPStatus.FORBIDDEN: ("invalid_request", "This is not allowed"),
    HTTPStatus.NOT_FOUND: ("invalid_request", "There is nothing at this address; check the Token endpoint"),
    HTTPStatus.SERVICE_UNAVAILABLE: ("temporarily_unavailable", "The database did not answer; try again"),
}


def answer_error(request: HttpRequest, status: HTTPStatus) -> JsonResponse:
    """The answer to an error below /oauth/ outside of its view: an unknown path, a bad Host, a crash."""
    reference = getattr(request, "request_id", "")
    error, description = WORDS.get(
        status, ("server_error", f"Something went wrong here; the request id is {reference}")
    )
    headers = {**NO_STORE}
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = RETRY_AFTER
    body = {"error": error, "error_description": description}
    return JsonResponse(body, status=status, headers=headers)
