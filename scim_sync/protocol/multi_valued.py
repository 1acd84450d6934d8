"""The one place where a value for a list is read: a list is never emptied by what nobody could read (ADR 19).

| Value | add | replace | remove | POST, PUT |
|---|---|---|---|---|
| `[]` | adds nothing | empties | removes nothing | no values |
| null, `""` | refused | empties, but never a group | refused | no values |
| names nothing readable | refused | refused | refused | refused |
| only labels: `{"type": "work"}` | refused | refused | removes all of that type | no value |

Of several elements, one that has only labels or an empty `value` is left out where the others say something.
A member is its `value` (RFC 7643 §8.7.1): without one it is refused wherever it stands.
"""

from typing import Any, Final

from scim_sync.protocol import entra
from scim_sync.protocol.attributes import Attribute
from scim_sync.protocol.errors import InvalidValue, shown, without_literals
from scim_sync.protocol.values import Ignored, is_hollow, read_members, read_single

_MOST_NAMES: Final = 5
_LONGEST_NAME: Final = 40


def read_list(attribute: Attribute, value: Any, ignored: Ignored) -> list[Any]:
    """The elements of a list in the body of a POST or PUT; none for null and `""`. Raises InvalidValue."""
    if value is None or (value == "" and not attribute.lists_members):
        return []
    return [element for element in _elements(attribute, value, ignored) if not is_hollow(element)]


def read_change(verb: str, attribute: Attribute, value: Any, ignored: Ignored) -> list[Any]:
    """The elements that an add, replace or remove of a whole list names; none is what `[]` says.

    Raises InvalidValue for a value that names nothing, with the value and the attribute.
    """
    if value == [] or _clears(verb, attribute, value):
        return []
    elements = [] if _is_blank(value) else _elements(attribute, value, ignored)
    if verb == "remove":  # a label says what shall go; an element that says nothing could mean anything
        said = [element for element in elements if element]
        is_readable = len(said) == len(elements) > 0
    else:
        said = [element for element in elements if not is_hollow(element)]
        is_readable = bool(said)
    if not is_readable:
        raise _unreadable(attribute, value)
    return said


def read_selected(verb: str, attribute: Attribute, value: Any, ignored: Ignored) -> dict[str, Any] | None:
    """What an add or replace says of the elements its path selects: by sub-attribute, None for a cleared one.

    None as a whole when those elements shall go; {} when an empty list is added. Raises InvalidValue.
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
    """Raise InvalidValue where null or `""` is added to what has several values or is a set of them."""
    if verb == "add" and _is_blank(value):
        raise _unreadable(attribute, value)


def check_reference(attribute: Attribute, value: dict[str, Any]) -> None:
    """Raise InvalidValue for a reference, such as a manager, that says something and has no `value`."""
    names = {name.lower() for name, item in value.items() if not _is_blank(item) and item not in ([], {})}
    if attribute.sub("value") is not None and names and "value" not in {name.lower() for name in value}:
        raise _unreadable(attribute, value)


def _clears(verb: str, attribute: Attribute, value: Any) -> bool:
    """RFC 7643 §2.5 for null; validators and Azure's constants send "" in the same sense."""
    return verb == "replace" and not attribute.lists_members and (value is None or value == "")


def _elements(attribute: Attribute, value: Any, ignored: Ignored) -> list[Any]:
    """Each element as the schema has it, None for an empty one."""
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
    """A value as a detail repeats it; of an object its names, which say what went wrong."""
    if isinstance(value, list) and len(value) == 1:
        return f"a list of {_named(value[0])}"
    if not isinstance(value, dict) or not value:
        return shown(value)
    names = [shown(without_literals(name[:_LONGEST_NAME])) for name in list(value)[:_MOST_NAMES]]
    return f"an object of {', '.join(names)}"
