"""How the service proves who it is: one token for every request, or access tokens from a token endpoint."""

import threading
import time
from collections.abc import Callable
from typing import Any, Protocol

import requests

from scim_sync.rehearsal import answers

EARLY = 300.0
"""Seconds before its end at which an access token is replaced; a short one is replaced at half its life."""

TIMEOUT = 30.0


class SignIn(Protocol):
    """Where a client gets its bearer token from; used by several threads."""

    def token(self) -> str:
        """Return a token to send. Raises `answers.Failure` if there is none to be had."""

    def renew(self, refused: str) -> bool:
        """Forget a token that was answered by 401; returns whether there may be another one."""


class SecretToken:
    """The secret token of the Admin credentials."""

    def __init__(self, text: str) -> None:
        self._text = text

    def token(self) -> str:
        return self._text

    def renew(self, refused: str) -> bool:
        return False


class ClientCredentials:
    """Access tokens for a client secret (RFC 6749 §4.4), asked for again before they end, or after a 401."""

    def __init__(self, token_endpoint: str, client_id: str, client_secret: str = "") -> None:
        self.token_endpoint = token_endpoint
        self.client_id = client_id
        self.asked = 0
        self._client_secret = client_secret
        self._lock = threading.Lock()
        self._text = ""
        self._renew_at = 0.0

    def form(self) -> dict[str, str]:
        """The parameters of a token request."""
        return {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_secret": self._client_secret,
        }

    def token(self) -> str:
        with self._lock:
            if not self._text or time.monotonic() >= self._renew_at:
                self._text, lives = self._ask()
                self._renew_at = time.monotonic() + max(lives - EARLY, lives / 2)
            return self._text

    def renew(self, refused: str) -> bool:
        with self._lock:
            if self._text == refused:  # else another thread has renewed it
                self._text = ""
        return True

    def _ask(self) -> tuple[str, float]:
        self.asked += 1
        try:
            # Its own session each time: no proxy, no .netrc, no cookie.
            with requests.Session() as session:
                session.trust_env = False
                answer = session.post(
                    self.token_endpoint, data=self.form(), timeout=TIMEOUT, allow_redirects=False
                )
        except requests.RequestException as error:
            raise answers.Failure("WebExceptionProtocolError", str(error)) from error
        body = _json(answer)
        if answer.status_code != requests.codes.ok:
            said = body.get("error", "no error in JSON")
            raise answers.Failure("InvalidCredentials", f"{answer.status_code} of the token endpoint: {said}")
        text, lives = body.get("access_token"), body.get("expires_in")
        is_bearer = str(body.get("token_type", "")).lower() == "bearer"
        if not isinstance(text, str) or not text or not isinstance(lives, int) or not is_bearer:
            raise answers.Failure("ServiceIncompatible", "no bearer token with its life in the answer")
        return text, float(lives)


class Federation(ClientCredentials):
    """Access tokens for assertions of a workload identity (RFC 7523 §2.2); `sign` makes each of them."""

    def __init__(self, token_endpoint: str, client_id: str, sign: Callable[[], str]) -> None:
        super().__init__(token_endpoint, client_id)
        self._sign = sign

    def form(self) -> dict[str, str]:
        return {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": self._sign(),
        }


def _json(answer: requests.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except requests.JSONDecodeError:
        return {}
    return body if isinstance(body, dict) else {}
