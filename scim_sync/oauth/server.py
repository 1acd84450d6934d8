"""Authlib's authorization server on our own models: one grant, and ways for a client to prove who it is."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any, Final, cast

from authlib.oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin, OAuth2Error
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from django.http import JsonResponse
from django.utils import timezone

from printmgmt.organizations.throttling import TooManyFailures, count_failure, require_few
from scim_sync.credentials.access_tokens import Grantee, give_access_token
from scim_sync.credentials.refusals import ClientRefused
from scim_sync.oauth import client_credentials, federation
from scim_sync.oauth.errors import NotAuthenticated, TooManyRequests, UnknownGrant
from scim_sync.oauth.logbook import log_refused_client
from scim_sync.oauth.requests import TokenRequest
from scim_sync.oauth.throttling import failure_limits

SCOPE: Final = "scim"
"""What every access token is good for, whatever scope was asked for (RFC 6749 §3.3)."""

Authenticator = Callable[[TokenRequest], Grantee | None]
"""Returns the client that a request proves to be, None if the request does not try this way.

Raises ClientRefused with the reason, and OAuth2Error.
"""

AUTHENTICATORS: Final[tuple[Authenticator, ...]] = (
    federation.authenticate,
    client_credentials.authenticate,
)
"""Tried in turn; the last one answers for every request that tries none."""


class Client(ClientMixin):  # type: ignore[misc]  # Authlib has no types
    """A client that has proven who it is, as Authlib wants to see it."""

    def __init__(self, grantee: Grantee) -> None:
        self.grantee = grantee

    def check_grant_type(self, grant_type: str) -> bool:
        return bool(grant_type == TokenGrant.GRANT_TYPE)


class TokenGrant(ClientCredentialsGrant):  # type: ignore[misc]
    """The client credentials grant (RFC 6749 §4.4). The client may prove who it is in other ways, too."""

    request: TokenRequest

    def create_token_response(self) -> tuple[int, dict[str, Any], list[tuple[str, str]]]:
        client: Client = self.request.client
        given = give_access_token(client.grantee, now=timezone.now(), address=self.request.address)
        body = {
            "access_token": given.text,
            "token_type": "Bearer",
            "expires_in": given.seconds,
            "scope": SCOPE,
        }
        return HTTPStatus.OK, body, self.TOKEN_RESPONSE_HEADER


class TokenServer(AuthorizationServer):  # type: ignore[misc]
    """Answers a `TokenRequest`."""

    def create_token_response(self, request: TokenRequest) -> JsonResponse:
        """The answer with an access token, or with an error. A refused client is counted and logged."""
        try:
            return cast(JsonResponse, super().create_token_response(request))
        except ClientRefused as refused:
            count_failure(failure_limits(request.addressed, request.address))
            log_refused_client(request, refused)
            return self.answer_error(NotAuthenticated())

    def create_oauth2_request(self, request: TokenRequest) -> TokenRequest:
        return request

    def get_token_grant(self, request: TokenRequest) -> TokenGrant:
        if request.payload.grant_type != TokenGrant.GRANT_TYPE:
            raise UnknownGrant()
        return TokenGrant(request, self)

    def authenticate_client(
        self, request: TokenRequest, methods: Iterable[str], endpoint: str = "token"
    ) -> Client:
        try:
            require_few(failure_limits(request.addressed, request.address))
        except TooManyFailures as error:
            raise TooManyRequests(error.seconds) from error
        tried = (authenticate(request) for authenticate in AUTHENTICATORS)
        return Client(next(grantee for grantee in tried if grantee is not None))

    def answer_error(self, error: OAuth2Error) -> JsonResponse:
        """The answer to an error (RFC 6749 §5.2)."""
        return cast(JsonResponse, self.handle_error_response(None, error))

    def handle_response(
        self, status: int, body: dict[str, Any], headers: Iterable[tuple[str, str]]
    ) -> JsonResponse:
        response = JsonResponse(body, status=status)
        for name, value in headers:
            response[name] = value
        return response

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Authlib tells here what happens; nobody listens."""


server: Final = TokenServer()
