"""Leaves out what a body calls other people: members of a group, and someone's manager.

A person's own events are erased with the person. A body that only refers to them belongs to someone else's
event, so it keeps the id and never the name, also where a name stands for the id of a manager.
"""

import re
from typing import Any, Final

from scim_sync.protocol.errors import without_literals
from scim_sync.protocol.ids import NOBODY, parse_id

LEFT_OUT: Final = "•••"

# In `members`, `urn:…:User:manager`, `manager.displayName`, `members[display eq "…"]`.
_REFERENCE: Final = re.compile(r"(?:.*:)?\s*(?P<of>members|manager)\s*(?P<rest>[\[.].*)?", re.I | re.S)
_NAME: Final = re.compile(r"display(?:name)?", re.I)


def without_names(value: Any) -> Any:
    """Return the same JSON without the display names of members and managers."""
    if isinstance(value, list):
        return [without_names(item) for item in value]
    if not isinstance(value, dict):
        return value
    path = value.get("path")
    if isinstance(path, str) and (found := _REFERENCE.fullmatch(path)):  # an operation of a PATCH
        given = {"value": _referred(value["value"], found)} if "value" in value else {}
        return {**value, "path": _path(path), **given}
    return dict(_member(key, item) for key, item in value.items())


def change_without_names(attribute: str, value: Any) -> Any:
    """Return one end of a change as it may be kept: of a manager only an id."""
    found = _REFERENCE.fullmatch(attribute)
    return _referred(value, found) if found and found["of"].lower() == "manager" else value


def _member(key: str, item: Any) -> tuple[str, Any]:
    found = _REFERENCE.fullmatch(key)
    return (_path(key), _referred(item, found)) if found else (key, without_names(item))


def _referred(value: Any, found: re.Match[str]) -> Any:
    """Return what refers to someone: as it is, but for what is a name."""
    if isinstance(value, list):
        return [_referred(item, found) for item in value]
    if isinstance(value, dict):
        return {key: _part(key, item, found) for key, item in value.items()}
    is_name = bool(_NAME.search((found["rest"] or "").rpartition("]")[2]))
    return LEFT_OUT if is_name or _is_called(value, found) else value


def _part(key: str, item: Any, found: re.Match[str]) -> Any:
    is_name = _NAME.fullmatch(key.strip()) or (key.strip().lower() == "value" and _is_called(item, found))
    return LEFT_OUT if is_name else item


def _is_called(value: Any, found: re.Match[str]) -> bool:
    """Whether this stands for the id of a manager and is none."""
    return (
        found["of"].lower() == "manager"
        and isinstance(value, str)
        and value.strip() != ""
        and parse_id(value) == NOBODY
    )


def _path(path: str) -> str:
    """Return a path or key; what it compares a name with is left out."""
    return without_literals(path) if _NAME.search(path) else path
