"""Reads JSON values as the schemas declare them: canonical names, checked types, unknown names collected.

Values of lists are read in `scim_sync.protocol.multi_valued`.
"""

from collections.abc import Iterable
from typing import Any, Final

from scim_sync.protocol import entra
from scim_sync.protocol.attributes import Attribute
from scim_sync.protocol.errors import InvalidValue, is_secret, shown, without_literals
from scim_sync.protocol.limits import MAX_SECRET_STRING, check_text

_MAX_IGNORED: Final = 100
_MAX_NAME: Final = 200
_LABELS: Final = frozenset({"type", "primary"})
# Azure sends them in every body, and RFC 7644 §3.3 ignores them, so they are not logged.
UNREMARKABLE: Final = frozenset({"id", "meta", "schemas"})


class Ignored:
    """The unknown names of a request, each once, in order, without values."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names: dict[str, None] = dict.fromkeys(names)

    def add(self, name: str) -> None:
        if len(self._names) < _MAX_IGNORED:
            self._names.setdefault(without_literals(name)[:_MAX_NAME])

    def names(self) -> list[str]:
        return list(self._names)


def read_single(attribute: Attribute, value: Any, ignored: Ignored) -> Any:
    """Return one value of a single-valued attribute, or one element of a multi-valued one.

    None if it clears the attribute (null, "", nothing left). Raises InvalidValue.
    """
    value = entra.plain(attribute, value)
    if value is None or value == "":
        return None
    if attribute.complex:
        members = read_members(attribute, value, ignored)
        return {name: item for name, item in members.items() if item is not None} or None
    expected = bool if attribute.type == "boolean" else str
    if not isinstance(value, expected):
        given = "the value" if is_secret(attribute.path) else shown(value)
        raise InvalidValue(f"{attribute.path}: {given} is not a {attribute.type}")
    if attribute.write_only and isinstance(value, str):
        check_text(value, attribute.path, longest=MAX_SECRET_STRING)
    return value


def read_members(attribute: Attribute, value: Any, ignored: Ignored) -> dict[str, Any]:
    """Return the sub-attributes in a value of a complex attribute; None clears one. Raises InvalidValue."""
    if not isinstance(value, dict):
        raise InvalidValue(f"{attribute.path}: {shown(value)} is not an object")
    members = {}
    for key, item in value.items():
        sub = attribute.sub(key)
        if sub is None:
            ignored.add(f"{attribute.path}.{key}")
        elif not sub.read_only:
            members[sub.name] = read_single(sub, item, ignored)
    return members


def is_hollow(element: Any) -> bool:
    """Whether an element of a list has no value: absent, or only labels such as `type`."""
    return element is None or (isinstance(element, dict) and _LABELS.issuperset(element))
