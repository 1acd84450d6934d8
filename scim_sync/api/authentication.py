"""Authentication by bearer token (RFC 6750), which must belong to the installation in the URL."""

from django.utils import timezone
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from scim_sync.credentials import tokens
from scim_sync.credentials.calls import Call
from scim_sync.models import ScimToken
from scim_sync.provisioning_log.reasons import Reason


class TokenRefused(exceptions.AuthenticationFailed):
    """401 with the same text for every reason; ``reason`` is for the provisioning log only."""

    default_detail = "The secret token is missing, wrong, expired or revoked"

    def __init__(self, reason: Reason, token: ScimToken | None = None) -> None:
        super().__init__()
        self.reason = reason
        self.token = token


class BearerAuthentication(BaseAuthentication):
    """Sets ``request.auth`` to the Call. One query, none for text that cannot be one of our tokens."""

    def authenticate(self, request: Request) -> tuple[ScimToken, Call]:
        scheme, _space, presented = request.headers.get("Authorization", "").strip().partition(" ")
        presented = presented.strip()
        if not scheme or not presented:
            raise TokenRefused(Reason.TOKEN_MISSING)
        if scheme.lower() != "bearer":
            raise TokenRefused(Reason.TOKEN_MALFORMED)
        token = tokens.find_token(presented)
        if token is None:
            raise TokenRefused(Reason.TOKEN_UNKNOWN)
        installation_id = request.parser_context["kwargs"].get("installation", "")
        refused = tokens.refusal(token, installation_id)
        if refused is not None:
            raise TokenRefused(refused, token if refused != Reason.TOKEN_FOREIGN else None)
        call = Call(
            token=token,
            request_id=getattr(request, "request_id", ""),
            received_at=timezone.now(),
        )
        return token, call

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="scim"'
