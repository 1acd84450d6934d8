"""Filters and sorting once more, in plain Python over representations: what the SQL is measured against.

A filter is a tuple: ("and", a, b…), ("or", a, b…), ("not", a), ("pr", path), ("in", path, filter), or
(operator, path, literal), where None is null. Inside "in" a path is the name of a sub-attribute.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from printmgmt.people.names import name_key
from scim_sync.protocol.attributes import Attribute, ResourceKind

Filter = tuple[Any, ...]
Resource = dict[str, Any]

# Ids of ours, which may be written in any letter case.
IDS = {"id", "groups.value", "members.value"}
TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda value, operand: value == operand,
    "co": lambda value, operand: operand in value,
    "sw": lambda value, operand: value.startswith(operand),
    "ew": lambda value, operand: value.endswith(operand),
    "gt": lambda value, operand: value > operand,
    "ge": lambda value, operand: value >= operand,
    "lt": lambda value, operand: value < operand,
    "le": lambda value, operand: value <= operand,
}


def written(node: Filter) -> str:
    """The filter as a client sends it."""
    verb, *rest = node
    if verb in ("and", "or"):
        return f" {verb} ".join(f"({written(term)})" for term in rest)
    if verb == "not":
        return f"not ({written(rest[0])})"
    if verb == "in":
        return f"{rest[0]}[{written(rest[1])}]"
    return f"{rest[0]} pr" if verb == "pr" else f"{rest[0]} {verb} {json.dumps(rest[1])}"


def matches(resource: Resource, node: Filter, kind: ResourceKind) -> bool:
    verb, *rest = node
    if verb == "and":
        return all(matches(resource, term, kind) for term in rest)
    if verb == "or":
        return any(matches(resource, term, kind) for term in rest)
    if verb == "not":
        return not matches(resource, rest[0], kind)
    attribute = _find(kind, rest[0])
    if verb == "in":
        return any(
            _element_matches(element, rest[1], attribute) for element in _get(resource, attribute) or []
        )
    if verb == "pr":
        return _is_present(resource, attribute)
    if rest[1] is None and attribute.complex:
        return (_get(resource, attribute) is None) == (verb == "eq")
    attribute = attribute.sub("value") if attribute.complex else attribute  # type: ignore[assignment]
    values = _values(resource, attribute)
    if not values:
        return _test(None, verb, rest[1], attribute)
    return any(_test(_with_default(value, attribute, rest[1]), verb, rest[1], attribute) for value in values)


def _is_present(resource: Resource, attribute: Attribute) -> bool:
    if attribute.parent is not None and attribute.parent.multi_valued:
        return any(attribute.name in element for element in _get(resource, attribute.parent) or [])
    return _get(resource, attribute) is not None


def _element_matches(element: Any, node: Filter, owner: Attribute) -> bool:
    verb, *rest = node
    if verb in ("and", "or"):
        return {"and": all, "or": any}[verb](_element_matches(element, term, owner) for term in rest)
    if verb == "not":
        return not _element_matches(element, rest[0], owner)
    attribute = owner.sub(rest[0]) if owner.complex else owner
    assert attribute is not None
    if verb == "pr":
        return not owner.complex or attribute.name in element
    value = _with_default(element.get(attribute.name), attribute, rest[1]) if owner.complex else element
    return _test(value, verb, rest[1], attribute)


def _with_default(value: Any, attribute: Attribute, operand: Any) -> Any:
    """RFC 7643 §2.4: `primary` that is not given is false, unless null is asked for."""
    return False if value is None and attribute.name == "primary" and operand is not None else value


def _test(value: Any, verb: str, operand: Any, attribute: Attribute) -> bool:
    if value is None or operand is None:
        return (value is operand) == (verb == "eq") if verb in ("eq", "ne") else False
    value, operand = _comparable(value, attribute), _comparable(operand, attribute)
    return value != operand if verb == "ne" else TESTS[verb](value, operand)


def _comparable(value: Any, attribute: Attribute) -> Any:
    if attribute.type == "dateTime":
        return datetime.fromisoformat(value).astimezone(UTC)
    if attribute.type == "boolean":
        return value in (True, "True", "true")
    if attribute.path in IDS:
        return value.lower()
    return value if attribute.case_exact else name_key(value)


def _find(kind: ResourceKind, path: str) -> Attribute:
    found = kind.find(path)
    assert found is not None, path
    return found


def _get(resource: Resource, attribute: Attribute) -> Any:
    """The value of an attribute that is in no list."""
    holder = _get(resource, attribute.parent) if attribute.parent else resource
    return (holder or {}).get(attribute.name)


def _values(resource: Resource, attribute: Attribute) -> list[Any]:
    """The values of an attribute, one an element where it is in a list; none where the list is empty."""
    if attribute.parent is not None and attribute.parent.multi_valued:
        return [element.get(attribute.name) for element in _get(resource, attribute.parent) or []]
    value = _get(resource, attribute)
    return (value or []) if attribute.multi_valued else [value]


def in_order(
    resources: list[Resource], path: str, kind: ResourceKind, *, descending: bool = False
) -> list[Resource]:
    """Resources, given in the default order, as a client asked for them (RFC 7644 §3.4.2.3)."""
    attribute = _find(kind, path)
    attribute = attribute.sub("value") if attribute.complex else attribute  # type: ignore[assignment]

    def key(resource: Resource) -> tuple[bool, Any]:
        value = _chosen(resource, attribute)
        return (True, "") if value is None else (False, _comparable(value, attribute))

    return sorted(resources, key=key, reverse=descending)


def _chosen(resource: Resource, attribute: Attribute) -> Any:
    if attribute.multi_valued:
        return (_values(resource, attribute) or [None])[0]
    if attribute.parent is None or not attribute.parent.multi_valued:
        return _get(resource, attribute)
    elements = _get(resource, attribute.parent) or [{}]
    primary = [element for element in elements if element.get("primary")]
    return (primary or elements)[0].get(attribute.name)
