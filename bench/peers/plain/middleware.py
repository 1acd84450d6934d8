"""Who calls: one token, kept in the settings."""

import hmac
from collections.abc import Callable
from types import SimpleNamespace

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

from bench.peers.token import TOKEN

CLIENT = SimpleNamespace(is_authenticated=True, is_anonymous=False, is_active=True)


class TokenMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("Authorization", "").encode()
        known = hmac.compare_digest(given, f"Bearer {TOKEN}".encode())
        request.user = CLIENT if known else AnonymousUser()  # type: ignore[assignment]
        return self.get_response(request)
