"""Reads values of lists. A value that cannot be read never empties a list (ADR 19).

| Value | add | replace | remove | POST, PUT |
|---|---|---|---|---|
| `[]` | adds nothing | empties | removes nothing | no values |
| null, `""` | refused | empties, but never a group | refused | no values |
| names nothing readable | refused | refused | refused | refused |
| only labels: `{"type": "work"}` | refused | refused | removes all of that type | no value |

Among several elements, those with only labels or an empty `value` are ignored if others have a value. A
member without `value` is always refused (RFC 7643 §8.7.1).
"""

from typing import Any, Final

from scim_sync.protocol import entra
from scim_sync.protocol.attributes import Attribute
from scim_sync.protocol.errors import InvalidValue, shown, without_literals
from scim_sync.protocol.values import Ignored, is_hollow, read_members, read_single

_MOST_NAMES: Final = 5
_LONGEST_NAME: Final = 40


def read_list(attribute: Attribute, value: Any, ignored: Ignored) -> list[Any]:
    """Return the elements of a list in a POST or PUT; [] for null and `""`. Raises InvalidValue."""
    if value is None or (value == "" and not attribute.lists_members):
        return []
    return [element for element in _elements(attribute, value, ignored) if not is_hollow(element)]


def read_change(verb: str, attribute: Attribute, value: Any, ignored: Ignored) -> list[Any]:
    """Return the elements in an add, replace or remove of a whole list; [] only for `[]`.

    Raises InvalidValue with the value and the attribute if no element can be read.
    """
    if value == [] or _clears(verb, attribute, value):
        return []
    elements = [] if _is_blank(value) else _elements(attribute, value, ignored)
    if verb == "remove":  # a label selects what to remove; an empty element could mean anything
        readable = [element for element in elements if element]
        is_readable = len(readable) == len(elements) > 0
    else:
        readable = [element for element in elements if not is_hollow(element)]
        is_readable = bool(readable)
    if not is_readable:
        raise _unreadable(attribute, value)
    return readable


def read_selected(verb: str, attribute: Attribute, value: Any, ignored: Ignored) -> dict[str, Any] | None:
    """Return what an add or replace sets in the selected elements, by sub-attribute; None clears one.

    Returns None to remove the elements, {} if an empty list is added. Raises InvalidValue.
    """
    if value == []:
        return {} if verb == "add" else None
    if _clears(verb, attribute, value):
        return None
    given = entra.plain(attribute, value)
    if _is_blank(value) or _is_blank(given):
        raise _unreadable(attribute, value)
    members = read_members(attribute, given, ignored)
    if verb == "add" or attribute.lists_members:
        members = {name: item for name, item in members.items() if item is not None}
    if not members:
        raise _unreadable(attribute, value)
    return members


def refuse_blank(verb: str, attribute: Attribute, value: Any) -> None:
    """Raise InvalidValue if null or `""` is added to a multi-valued or complex attribute."""
    if verb == "add" and _is_blank(value):
        raise _unreadable(attribute, value)


def check_reference(attribute: Attribute, value: dict[str, Any]) -> None:
    """Raise InvalidValue for a reference, such as a manager, that has other sub-attributes but no `value`."""
    names = {name.lower() for name, item in value.items() if not _is_blank(item) and item not in ([], {})}
    if attribute.sub("value") is not None and names and "value" not in {name.lower() for name in value}:
        raise _unreadable(attribute, value)


def _clears(verb: str, attribute: Attribute, value: Any) -> bool:
    """Whether the value clears the attribute: null (RFC 7643 §2.5), or "" as validators and Azure send."""
    return verb == "replace" and not attribute.lists_members and (value is None or value == "")


def _elements(attribute: Attribute, value: Any, ignored: Ignored) -> list[Any]:
    """Return each element as the schema defines it, None for an empty one."""
    elements = []
    for item in value if isinstance(value, list) else [value]:
        given = entra.plain(attribute, item)
        element = None if _is_blank(item) else read_single(attribute, given, ignored)
        if is_hollow(element):
            if attribute.lists_members:
                raise InvalidValue(f"{attribute.path}.value: is required, {_named(item)} has none")
            if isinstance(given, dict) and any(_is_unknown(attribute, *pair) for pair in given.items()):
                raise _unreadable(attribute, item)
        elements.append(element)
    return elements


def _is_unknown(attribute: Attribute, name: str, value: Any) -> bool:
    return attribute.sub(name) is None and not _is_blank(value) and value not in ([], {})


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _unreadable(attribute: Attribute, value: Any) -> InvalidValue:
    parts = ", ".join(sub.name for sub in attribute.subs.values())
    return InvalidValue(
        f"{attribute.path}: {_named(value)} names nothing" + (parts and f"; known are {parts}")
    )


def _named(value: Any) -> str:
    """Return a value for a detail; for an object, its names."""
    if isinstance(value, list) and len(value) == 1:
        return f"a list of {_named(value[0])}"
    if not isinstance(value, dict) or not value:
        return shown(value)
    names = [shown(without_literals(name[:_LONGEST_NAME])) for name in list(value)[:_MOST_NAMES]]
    return f"an object of {', '.join(names)}"
