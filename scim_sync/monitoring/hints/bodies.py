"""Reads the kept bodies of requests for signs: names in any letter case, values as they were sent."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from scim_sync.models import ProvisioningEvent


class Sent(NamedTuple):
    """An attribute that a request names: its path as it was sent, the value, and the verb of a PATCH."""

    path: str
    value: Any
    verb: str = ""


def sent(event: ProvisioningEvent) -> list[Sent]:
    """Everything that the request of ``event`` names; [] where the log keeps no body, or only its size."""
    body = getattr(event, "body", None)
    request = body.request if body else None
    if not isinstance(request, dict) or "left out" in request:
        return []
    return list(_of_patch(request) if event.method == "PATCH" else _members(request))


def _of_patch(request: dict[str, Any]) -> Iterator[Sent]:
    operations = next((value for key, value in request.items() if key.lower() == "operations"), None)
    for operation in operations if isinstance(operations, list) else []:
        if not isinstance(operation, dict):
            continue
        named = {str(key).lower(): value for key, value in operation.items()}
        verb, path, value = str(named.get("op", "")).lower(), named.get("path"), named.get("value")
        if isinstance(path, str) and path:
            yield Sent(path.strip(), value, verb)
        elif isinstance(value, dict):
            yield from _members(value, verb)


def _members(resource: dict[str, Any], verb: str = "") -> Iterator[Sent]:
    for key, value in resource.items():
        yield Sent(str(key).strip(), value, verb)


def plain_name(path: str) -> str:
    """A path without the URN before it, in lower case: the attribute's name."""
    head, found, rest = path.partition("[")
    return f"{head.rpartition(':')[2]}{found}{rest}".lower()
