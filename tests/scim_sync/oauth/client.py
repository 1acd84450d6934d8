"""A client of the token endpoint: in process or over real HTTP; no answer that is not RFC 6749's passes."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

from django.conf import settings
from django.test import Client

from addons.models import Installation
from scim_sync.credentials.clients import create_client_secret
from tests.factories import TESTER
from tests.scim_sync.client import HttpScim, Scim

FORM = "application/x-www-form-urlencoded"
ERRORS = {
    "invalid_request",
    "invalid_client",
    "unsupported_grant_type",
    "temporarily_unavailable",
    "server_error",
}

_in_process = Client(raise_request_exception=False)


@dataclass
class TokenAnswer:
    """What came back: a token (RFC 6749 §5.1) or an error (§5.2), in JSON that nobody may store."""

    status: int
    headers: Mapping[str, str]
    raw: bytes

    def __post_init__(self) -> None:
        assert self.headers["Content-Type"] == "application/json", self
        assert self.headers["Cache-Control"] == "no-store", self
        assert self.headers["Pragma"] == "no-cache", self
        assert "Set-Cookie" not in self.headers, self
        assert (self.status == 401) == ("WWW-Authenticate" in self.headers), self
        if self.status != 200:
            assert set(self.body) == {"error", "error_description"}, self
            assert self.body["error"] in ERRORS, self
            assert self.raw.isascii(), self
            assert self.status < 500, self

    @property
    def body(self) -> Any:
        return json.loads(self.raw)

    @property
    def error(self) -> tuple[int, str]:
        """(status, error) of a refusal."""
        return self.status, self.body.get("error", "")

    @property
    def token(self) -> str:
        """The access token."""
        assert self.status == 200, self
        token: str = self.body["access_token"]
        return token


@dataclass
class TokenClient:
    """An installation's client: what Azure has been given."""

    installation: Installation
    client_id: str
    secret: str
    over_http: bool = False

    @classmethod
    def of(cls, installation: Installation, *, over_http: bool = False, **options: Any) -> "TokenClient":
        """The client of an installation with a secret just created."""
        made = create_client_secret(installation, by=TESTER, **{"label": "Azure", **options})
        return cls(installation, str(made.client.pk), made.text, over_http)

    @property
    def path(self) -> str:
        return f"/oauth/{self.installation.pk}/token"

    def send(
        self,
        body: bytes | Mapping[str, str],
        *,
        method: str = "POST",
        path: str = "",
        kind: str = FORM,
        **headers: str,
    ) -> TokenAnswer:
        """Send a request; ``headers`` are named ``x_forwarded_for``."""
        content = body if isinstance(body, bytes) else urlencode(body).encode()
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if not self.over_http:
            response = _in_process.generic(
                method, path or self.path, content, content_type=kind, headers=sent
            )
            return TokenAnswer(response.status_code, dict(response.headers), response.content)
        where = urlsplit(settings.PUBLIC_URL)
        connection = HTTPConnection(where.hostname or "", where.port, timeout=60)
        try:
            connection.request(method, path or self.path, content, {"Content-Type": kind, **sent})
            got = connection.getresponse()
            return TokenAnswer(got.status, dict(got.getheaders()), got.read())
        finally:
            connection.close()

    def form(self, **changes: str) -> dict[str, str]:
        """The parameters as Entra sends them in the body."""
        return {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_secret": self.secret,
            **changes,
        }

    def ask(self, **changes: str) -> TokenAnswer:
        """Ask for a token, id and secret in the body."""
        return self.send(self.form(**changes))

    def ask_by_basic(self, body: Mapping[str, str] | None = None, **headers: str) -> TokenAnswer:
        """Ask for a token, id and secret as HTTP Basic."""
        headers = {"Authorization": basic(self.client_id, self.secret), **headers}
        return self.send(body or {"grant_type": "client_credentials"}, **headers)

    def scim(self, token: str = "") -> Scim:
        """The directory that calls with an access token."""
        kind = HttpScim if self.over_http else Scim
        return kind(f"/scim/v2/{self.installation.pk}", token or self.ask().token)


def basic(client_id: str, secret: str) -> str:
    """The header that RFC 6749 §2.3.1 asks for."""
    return "Basic " + base64.b64encode(f"{quote_plus(client_id)}:{quote_plus(secret)}".encode()).decode()
