"""The requests that benchmarks compare, the same for every server."""

import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import quote

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
_numbers = count()


@dataclass
class Directory:
    """People at a server as a client knows them. ``names`` are the user names, in the order of ``ids``.

    ``outside`` and ``inside``: people to be added to ``group`` and removed again; ``enabled`` and
    ``disabled`` likewise. Each is used by one request at a time.
    """

    url: str
    token: str
    ids: list[str]
    names: list[str]
    group: str = ""
    outside: deque[str] = field(default_factory=deque)
    inside: deque[str] = field(default_factory=deque)
    enabled: deque[str] = field(default_factory=deque)
    disabled: deque[str] = field(default_factory=deque)


@dataclass(frozen=True)
class Request:
    """``done`` is called after an answer 2xx."""

    method: str
    path: str
    body: bytes | None = None
    done: Callable[[], object] = lambda: None


Kind = Callable[[Directory], Request]
"""Raises IndexError when there is nobody left to do it to."""


def get(of: Directory) -> Request:
    return Request("GET", f"/Users/{_one_of(of.ids)}")


def find(of: Directory) -> Request:
    wanted = quote(f'userName eq "{_one_of(of.names)}"')
    return Request("GET", f"/Users?filter={wanted}")


def list_100(of: Directory) -> Request:
    return Request("GET", "/Users?count=100")


def create(of: Directory) -> Request:
    number = next(_numbers)
    name = f"new{number}@contoso.example"
    return _write(
        "POST",
        "/Users",
        {
            "schemas": [USER],
            "externalId": f"new{number}",
            "userName": name,
            "active": True,
            "displayName": f"New {number}",
            "name": {"givenName": "New", "familyName": str(number)},
            "emails": [{"primary": True, "type": "work", "value": name}],
        },
    )


def rename(of: Directory) -> Request:
    return _patch(f"/Users/{_one_of(of.ids)}", "Replace", "displayName", f"Renamed {next(_numbers)}")


def disable(of: Directory) -> Request:
    return _enabled(of.enabled, of.disabled, is_enabled=False)


def enable(of: Directory) -> Request:
    return _enabled(of.disabled, of.enabled, is_enabled=True)


def add_member(of: Directory) -> Request:
    return _member(of.group, "Add", of.outside, of.inside)


def remove_member(of: Directory) -> Request:
    return _member(of.group, "Remove", of.inside, of.outside)


def _enabled(before: deque[str], after: deque[str], *, is_enabled: bool) -> Request:
    person = before.popleft()
    return _patch(f"/Users/{person}", "Replace", "active", is_enabled, lambda: after.append(person))


def _member(group: str, op: str, before: deque[str], after: deque[str]) -> Request:
    person = before.popleft()
    path = f"/Groups/{group}"
    return _patch(path, op, "members", [{"value": person}], lambda: after.append(person))


def _patch(
    path: str, op: str, attribute: str, value: object, done: Callable[[], object] = lambda: None
) -> Request:
    operation = {"op": op, "path": attribute, "value": value}
    return _write("PATCH", path, {"schemas": [PATCH_OP], "Operations": [operation]}, done)


def _write(method: str, path: str, body: object, done: Callable[[], object] = lambda: None) -> Request:
    return Request(method, path, json.dumps(body).encode(), done)


def _one_of(values: list[str]) -> str:
    """Another one each time, far from the last."""
    return values[next(_numbers) * 7919 % len(values)]


OF_PEOPLE: dict[str, Kind] = {
    "get": get,
    "filter userName eq": find,
    "create": create,
    "PATCH displayName": rename,
    "PATCH active=false": disable,
    "PATCH active=true": enable,
    "list of 100": list_100,
}
"""By name, in an order in which each finds what it needs."""
