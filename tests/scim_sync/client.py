"""A directory's side of the wire: in process or over real HTTP, and no answer that is not SCIM passes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.test import Client

from addons.models import Installation
from scim_sync.credentials.tokens import mint_first_token
from tests.factories import TESTER

SCIM_JSON = "application/scim+json"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PRINTMGMT = "urn:ietf:params:scim:schemas:extension:printmgmt:2.0:User"

# One for all: loading the middleware takes longer than most requests. SCIM sets no cookie it could remember.
_in_process = Client(raise_request_exception=False)


@dataclass
class Answer:
    """What came back; made only of SCIM: the media type, and for an error the error's body."""

    status: int
    headers: Mapping[str, str]
    raw: bytes

    def __post_init__(self) -> None:
        if self.status in (204, 304):
            assert self.raw == b"", self
            return
        assert self.headers.get("Content-Type") == SCIM_JSON, self
        if self.status >= 400:
            assert self.body["schemas"] == [ERROR], self
            assert self.body["status"] == str(self.status), self
            assert self.body["detail"], self

    @property
    def body(self) -> Any:
        return json.loads(self.raw) if self.raw else None

    @property
    def id(self) -> str:
        """The id of the resource in the answer."""
        found: str = self.body["id"]
        return found

    @property
    def error(self) -> tuple[int, str | None]:
        """(status, scimType) of a refusal."""
        return self.status, self.body.get("scimType") if self.raw else None

    @property
    def found(self) -> list[str]:
        """The userNames of a list."""
        return [resource["userName"] for resource in self.body["Resources"]]


@dataclass
class Scim:
    """A directory with a Tenant URL and a token, calling in this process."""

    base: str
    token: str
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, installation: Installation) -> "Scim":
        """The directory of an installation that has no token yet."""
        return cls(f"/scim/v2/{installation.pk}", mint_first_token(installation, by=TESTER))

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Send a request; ``body`` is JSON unless it is bytes, ``headers`` are named ``if_match``."""
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        sent = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": f"{SCIM_JSON}; charset=utf-8",
            **self.headers,
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        return self._send(method, f"{self.base}{path}", content, sent)

    def _send(self, method: str, path: str, content: bytes, headers: dict[str, str]) -> Answer:
        kind = headers.pop("Content-Type", "")
        response = _in_process.generic(method, path, content, content_type=kind, headers=headers)
        return Answer(response.status_code, dict(response.headers), response.content)

    def get(self, path: str, **headers: str) -> Answer:
        return self.send("GET", path, **headers)

    def post(self, body: Any, path: str = "/Users", **headers: str) -> Answer:
        return self.send("POST", path, body, **headers)

    def put(self, user_id: object, body: Any, **headers: str) -> Answer:
        return self.send("PUT", f"/Users/{user_id}", body, **headers)

    def patch(self, user_id: object, *operations: dict[str, Any], **headers: str) -> Answer:
        body = {"schemas": [PATCH_OP], "Operations": list(operations)}
        return self.send("PATCH", f"/Users/{user_id}", body, **headers)

    def delete(self, user_id: object, **headers: str) -> Answer:
        return self.send("DELETE", f"/Users/{user_id}", **headers)

    def user(self, user_id: object) -> Answer:
        """GET one person."""
        return self.get(f"/Users/{user_id}")

    def find(self, expression: str, path: str = "/Users") -> Answer:
        """GET the people, or groups, a filter matches."""
        return self.get(f"{path}?filter={quote(expression)}")

    def create(self, user_name: str, **attributes: Any) -> Answer:
        """POST a person."""
        return self.post(a_user(user_name, **attributes))

    def create_group(self, display_name: str, *members: str, **attributes: Any) -> Answer:
        """POST a group with these members."""
        return self.post(a_group(display_name, *members, **attributes), "/Groups")

    def group(self, group_id: object, query: str = "") -> Answer:
        """GET one group."""
        return self.get(f"/Groups/{group_id}{query}")

    def patch_group(self, group_id: object, *operations: dict[str, Any], **headers: str) -> Answer:
        body = {"schemas": [PATCH_OP], "Operations": list(operations)}
        return self.send("PATCH", f"/Groups/{group_id}", body, **headers)

    def put_group(self, group_id: object, body: Any, **headers: str) -> Answer:
        return self.send("PUT", f"/Groups/{group_id}", body, **headers)

    def delete_group(self, group_id: object, **headers: str) -> Answer:
        return self.send("DELETE", f"/Groups/{group_id}", **headers)


class HttpScim(Scim):
    """The same over a socket, to the web server of the `server` fixture; one connection a request."""

    def _send(self, method: str, path: str, content: bytes, headers: dict[str, str]) -> Answer:
        where = urlsplit(settings.PUBLIC_URL)
        connection = HTTPConnection(where.hostname or "", where.port, timeout=60)
        try:
            connection.request(method, path, content, headers)
            response = connection.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read())
        finally:
            connection.close()


def a_user(user_name: str, **attributes: Any) -> dict[str, Any]:
    """The body of a POST or PUT as Azure writes it."""
    return {"schemas": [CORE, ENTERPRISE], "userName": user_name, **attributes}


def a_group(display_name: str, *members: str, **attributes: Any) -> dict[str, Any]:
    """The body of a POST or PUT of a group as Azure writes it."""
    listed = {"members": [{"value": member} for member in members]} if members else {}
    return {"schemas": [GROUP], "displayName": display_name, **listed, **attributes}


def op(verb: str, path: str = "", *value: Any) -> dict[str, Any]:
    """One operation of a PATCH; without ``path`` or ``value`` it has none."""
    return {"op": verb, **({"path": path} if path else {}), **({"value": value[0]} if value else {})}


DISABLE = op("Replace", "active", "False")
ENABLE = op("Replace", "active", "True")
