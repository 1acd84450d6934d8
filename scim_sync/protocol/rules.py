"""Rules for every person and group that is stored, whichever request wrote it."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from scim_sync.protocol.errors import InvalidValue
from scim_sync.protocol.limits import MAX_VALUES, check_indexed
from scim_sync.protocol.schemas import ENTERPRISE_USER

INDEXED: Final = ("userName", "externalId", "displayName")
"""Top-level texts of a person with an indexed column."""


def check_user(resource: dict[str, Any], comparison_key: Callable[[str], str]) -> None:
    """Check a canonical representation: userName, length of indexed texts and lists, one primary per list.

    Raises InvalidValue with attribute and value.
    """
    _check_named(resource, "userName")
    for path, text in _indexed(resource):
        check_indexed(text, path, comparison_key)
    for name, values in resource.items():
        if isinstance(values, list):
            if len(values) > MAX_VALUES:
                raise InvalidValue(f"{name}: {len(values)} values, {MAX_VALUES} are accepted")
            primary = [item for item in values if isinstance(item, dict) and item.get("primary") is True]
            if len(primary) > 1:  # RFC 7643 §2.4
                raise InvalidValue(f"{name}: {len(primary)} values are primary, one may be")


def check_group(resource: dict[str, Any], comparison_key: Callable[[str], str]) -> None:
    """Check a canonical representation of a group: displayName, length of indexed texts.

    Raises InvalidValue with attribute and value.
    """
    _check_named(resource, "displayName")
    for name in ("displayName", "externalId"):
        check_indexed(resource.get(name, ""), name, comparison_key)


def _check_named(resource: dict[str, Any], attribute: str) -> None:
    name = resource.get(attribute)
    if not name:
        raise InvalidValue(f"{attribute}: is required")
    if not name.strip():
        raise InvalidValue(f"{attribute}: must not be only spaces")


def _indexed(resource: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name in INDEXED:
        if name in resource:
            yield name, resource[name]
    for email in resource.get("emails", []):
        if "value" in email:
            yield "emails.value", email["value"]
    manager = resource.get(ENTERPRISE_USER, {}).get("manager", {})
    if "value" in manager:
        yield "manager.value", manager["value"]
