"""The HTTP client of the service: bearer tokens, `+` for spaces, escaped filter literals."""

import json
import threading
import time
from typing import Any, Self
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import requests
from urllib3.util import SKIP_HEADER

from scim_sync.rehearsal import answers
from scim_sync.rehearsal.signing_in import SecretToken, SignIn

FLAG = "aadOptscim062020"
TIMEOUT = 30.0
TRIES = 10
"""How often a request is sent that is answered 429."""


class Client:
    """One tenant URL, with a secret token or another way to sign in.

    Every method raises `answers.Failure` if Entra would not accept the response. `tenant_url` may end in a
    slash and may carry `?aadOptscim062020`, which sets `flag` and is not sent.
    """

    def __init__(self, tenant_url: str, sign_in: str | SignIn, *, timeout: float = TIMEOUT) -> None:
        scheme, host, path, query, _ = urlsplit(tenant_url)
        self.base_url = urlunsplit((scheme, host, path.rstrip("/"), "", ""))
        self.flag = FLAG in dict(parse_qsl(query, keep_blank_values=True))
        self.timeout = timeout
        self._sign_in = SecretToken(sign_in) if isinstance(sign_in, str) else sign_in
        self._local = threading.local()
        self._sessions: list[requests.Session] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections; a later request opens new ones."""
        self._local = threading.local()
        while self._sessions:
            self._sessions.pop().close()

    def find_users(self, equal: dict[str, str], *, attributes: str = "") -> list[dict[str, Any]]:
        """Return the users for whom each attribute path in `equal` has its value (`eq`, joined by `and`)."""
        query = {"filter": " and ".join(f"{path} eq {literal(value)}" for path, value in equal.items())}
        if attributes:
            query["attributes"] = attributes
        return answers.listing(self._send("GET", f"/Users?{urlencode(query)}"))

    def create_user(self, body: dict[str, Any]) -> dict[str, Any]:
        return answers.created(self._send("POST", "/Users", body))

    def read_user(self, user_id: str) -> dict[str, Any]:
        return answers.read(self._send("GET", user_path(user_id)))

    def patch_user(self, user_id: str, body: dict[str, Any]) -> None:
        answers.patched(self._send("PATCH", user_path(user_id), body))

    def delete_user(self, user_id: str) -> None:
        answers.deleted(self._send("DELETE", user_path(user_id)))

    def find_groups(self, display_name: str) -> list[dict[str, Any]]:
        """Return the groups of this name, without their members."""
        query = {"excludedAttributes": "members", "filter": f"displayName eq {literal(display_name)}"}
        return answers.listing(self._send("GET", f"/Groups?{urlencode(query)}"))

    def create_group(self, body: dict[str, Any]) -> dict[str, Any]:
        return answers.created(self._send("POST", "/Groups", body))

    def patch_group(self, group_id: str, body: dict[str, Any]) -> None:
        answers.patched(self._send("PATCH", f"/Groups/{quote(group_id, safe='')}", body))

    def _send(self, method: str, path: str, body: dict[str, Any] | None = None) -> requests.Response:
        """Send a request, again after the ``Retry-After`` of a 429."""
        for _try in range(TRIES - 1):
            answer = self._send_once(method, path, body)
            wait = answer.headers.get("Retry-After", "")
            if answer.status_code != 429 or not wait.isdecimal():
                return answer
            time.sleep(min(float(wait), self.timeout))
        return self._send_once(method, path, body)

    def _send_once(self, method: str, path: str, body: dict[str, Any] | None) -> requests.Response:
        data = None
        headers: dict[str, str] = {}
        if body is not None:
            data = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
            headers["Content-Type"] = "application/scim+json; charset=utf-8"
        token = self._sign_in.token()
        answer = self._request(method, path, data, headers, token)
        if answer.status_code == requests.codes.unauthorized and self._sign_in.renew(token):
            answer = self._request(method, path, data, headers, self._sign_in.token())
        return answer

    def _request(
        self, method: str, path: str, data: bytes | None, headers: dict[str, str], token: str
    ) -> requests.Response:
        try:
            return self._session().request(
                method,
                self.base_url + path,
                data=data,
                headers={**headers, "Authorization": f"Bearer {token}"},
                timeout=self.timeout,
                allow_redirects=False,
            )
        except requests.Timeout:
            raise answers.Failure("Timeout", f"no answer within {self.timeout:g} s") from None
        except requests.RequestException as error:
            raise answers.Failure("WebExceptionProtocolError", str(error)) from error

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = requests.Session()
            # Ignore proxies and .netrc: the token must go only to the tenant URL.
            session.trust_env = False
            session.headers.clear()
            session.headers.update(
                {
                    "Accept": answers.SCIM_JSON,
                    # The service sends no such header; without this, urllib3 would add one.
                    "User-Agent": SKIP_HEADER,
                }
            )
            self._local.session = session
            self._sessions.append(session)
        return session


def literal(value: str) -> str:
    """Return a filter literal: JSON-escaped, so that `"` and `\\` arrive as `%5C%22` and `%5C%5C`."""
    return json.dumps(value, ensure_ascii=False)


def user_path(user_id: str) -> str:
    return f"/Users/{quote(user_id, safe='')}"
