"""Leaves out what a body calls other people: members of a group, and someone's manager.

A person's own events are erased with the person. A body that only refers to them belongs to somebody else's
event, so it keeps the id and never the name.
"""

import re
from typing import Any, Final

from scim_sync.protocol.errors import without_literals

LEFT_OUT: Final = "•••"

# In `members`, `urn:…:User:manager`, `manager.displayName`, `members[display eq "…"]`.
_REFERENCE: Final = re.compile(r"(?:.*:)?\s*(?:members|manager)\s*(?P<rest>[\[.].*)?", re.I | re.S)
_NAME: Final = re.compile(r"display(?:name)?", re.I)


def without_names(value: Any) -> Any:
    """Return the same JSON without the display names of members and managers."""
    if isinstance(value, list):
        return [without_names(item) for item in value]
    if not isinstance(value, dict):
        return value
    path = value.get("path")
    if isinstance(path, str) and (found := _REFERENCE.fullmatch(path)):  # an operation of a PATCH
        return {**value, "path": _path(path), **_of_operation(value, found["rest"] or "")}
    return {
        _path(key) if _REFERENCE.fullmatch(key) else key: _member(key, item) for key, item in value.items()
    }


def _member(key: str, item: Any) -> Any:
    found = _REFERENCE.fullmatch(key)
    if found is None:
        return without_names(item)
    return _referred(item, is_name=bool(_NAME.search(found["rest"] or "")))


def _of_operation(operation: dict[str, Any], rest: str) -> dict[str, Any]:
    is_name = bool(_NAME.search(rest.rpartition("]")[2]))
    return {"value": _referred(operation["value"], is_name=is_name)} if "value" in operation else {}


def _referred(value: Any, *, is_name: bool) -> Any:
    """Return what refers to someone: as it is, but for what is a name."""
    if isinstance(value, list):
        return [_referred(item, is_name=is_name) for item in value]
    if isinstance(value, dict):
        return {key: LEFT_OUT if _NAME.fullmatch(key.strip()) else item for key, item in value.items()}
    return LEFT_OUT if is_name else value


def _path(path: str) -> str:
    """Return a path or key; what it compares a name with is left out."""
    return without_literals(path) if _NAME.search(path) else path
