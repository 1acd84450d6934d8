"""Renders representations for responses: dicts without nulls, projected as requested (RFC 7644 §3.9)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Union

from django_scim.constants import SchemaURI

from scim_sync.protocol import entra
from scim_sync.protocol.attributes import USER, Attribute, ResourceKind
from scim_sync.protocol.errors import InvalidValue, shown

# Tokens of a list of names, which may have filters. Literals may contain commas and brackets.
_TOKENS: Final = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[\],]|[^"\[\],]+')

# Names to keep or leave out, by level. True means everything below.
Tree = dict[str, Union["Tree", bool]]


def compact(value: Any) -> Any:
    """Return the value without null, "", empty lists and empty objects. Keeps False and 0."""
    if isinstance(value, dict):
        return {name: item for name, given in value.items() if not _is_empty(item := compact(given))}
    if isinstance(value, list):
        return [item for given in value if not _is_empty(item := compact(given))]
    return value


def _is_empty(value: Any) -> bool:
    return not value and (value is None or value == "" or value == [] or value == {})


def render(resource: dict[str, Any], kind: ResourceKind = USER) -> dict[str, Any]:
    """Return a representation to send: compact, with `schemas`, without never-returned attributes."""
    rendered: dict[str, Any] = {"schemas": schemas_of(resource, kind)}
    for name, value in resource.items():
        extension = kind.extensions.get(name.lower())
        # An extension that the host declared once is not published any more.
        if name == "schemas" or (extension is None and name.startswith("urn:")):
            continue
        if extension is not None and isinstance(value, dict):
            value = {key: item for key, item in value.items() if _is_returned(extension, key)}
        value = compact(value)
        if not _is_empty(value):
            rendered[name] = value
    return rendered


def _is_returned(extension: Attribute, name: str) -> bool:
    attribute = extension.sub(name)
    return attribute is not None and attribute.returned != "never"


def schemas_of(resource: dict[str, Any], kind: ResourceKind = USER) -> list[str]:
    """Return the `schemas` of a representation: the core one and extensions with values (RFC 7643 §3)."""
    present = []
    for extension in kind.extensions.values():
        value = resource.get(extension.name)
        if value and any(
            _is_returned(extension, name) and not _is_empty(compact(value[name])) for name in value
        ):
            present.append(extension.name)
    return [kind.schema, *present]


@dataclass(frozen=True, slots=True)
class Projection:
    """The attributes that a client requested. `parse_projection` creates one per request."""

    keep: Tree | None
    omit: Tree

    def __bool__(self) -> bool:
        """Whether the projection changes anything."""
        return self.keep is not None or bool(self.omit)

    def asks_for(self, name: str) -> bool:
        """Whether a top-level attribute is requested. `members` and `groups` are read only then."""
        return (self.keep is None or name in self.keep) and self.omit.get(name) is not True


def parse_projection(
    attributes: str | Sequence[str] | None = None,
    excluded_attributes: str | Sequence[str] | None = None,
    kind: ResourceKind = USER,
) -> Projection:
    """Read both parameters, from a query string (comma-separated) or a JSON list.

    Names may have any case and may be dotted or URN-qualified. Unknown names are ignored. A filter on a name
    in `attributes` is dropped, because Microsoft's own collection sends such names. In `excludedAttributes`,
    a name with a filter is ignored, because it would exclude too much. `attributes` is applied first. Raises
    InvalidValue if a parameter is neither text nor a list of texts.
    """
    keep_names = [_without_filter(name) for name in _names("attributes", attributes)]
    keep = _tree(keep_names, kind) if keep_names else None
    omit = _tree(_names("excludedAttributes", excluded_attributes), kind)
    for attribute in kind.core.values():
        if attribute.returned == "always":
            omit.pop(attribute.name, None)
            if keep is not None:
                keep[attribute.name] = True
    return Projection(keep=keep, omit=omit)


def _names(parameter: str, given: str | Sequence[str] | None) -> list[str]:
    if given is None:
        return []
    names = _split(given) if isinstance(given, str) else given
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        raise InvalidValue(f"{parameter}: {shown(given)} is not a list of attribute names")
    return [name for name in names if name.strip()]


def _split(text: str) -> list[str]:
    """Split at commas, except inside a filter: `emails[type eq "a,b"],userName`."""
    names, is_inside = [""], False
    for part in _TOKENS.findall(text):
        if part == "," and not is_inside:
            names.append("")
            continue
        names[-1] += part
        is_inside = part == "[" or (is_inside and part != "]")
    return names


def _without_filter(name: str) -> str:
    """Return `emails.value` for `emails[type eq "work"].value`."""
    head, bracket, rest = name.partition("[")
    return head + rest.rpartition("]")[2] if bracket else name


def _tree(names: list[str], kind: ResourceKind) -> Tree:
    tree: Tree = {}
    for name in names:
        if kind.is_core_schema(name):
            tree.update(dict.fromkeys((attribute.name for attribute in kind.core.values()), True))
            continue
        attribute = entra.locate(kind, name)
        if attribute is None:
            continue
        steps = [attribute.name]
        while attribute.parent is not None:
            attribute = attribute.parent
            steps.insert(0, attribute.name)
        _add(tree, steps)
    return tree


def _add(tree: Tree, steps: list[str]) -> None:
    for step in steps[:-1]:
        below = tree.setdefault(step, {})
        if not isinstance(below, dict):
            return  # the whole attribute is in the tree already
        tree = below
    tree[steps[-1]] = True


def project(resource: dict[str, Any], projection: Projection) -> dict[str, Any]:
    """Return the requested part of a rendered resource. `id` and `schemas` always stay (RFC 7643 §7)."""
    kept = resource if projection.keep is None else _pick(resource, projection.keep)
    left: dict[str, Any] = _leave_out(kept, projection.omit) if projection.omit else kept
    return left


def _pick(value: Any, tree: Tree | bool) -> Any:
    if isinstance(tree, bool):
        return value
    if isinstance(value, list):
        return [picked for picked in (_pick(item, tree) for item in value) if picked]
    if not isinstance(value, dict):
        return value
    picked = {key: _pick(item, tree[key]) for key, item in value.items() if key in tree}
    return {key: item for key, item in picked.items() if not _is_empty(item)}


def _leave_out(value: Any, tree: Tree) -> Any:
    if isinstance(value, list):
        return [left for left in (_leave_out(item, tree) for item in value) if left]
    if not isinstance(value, dict):
        return value
    left = {}
    for key, item in value.items():
        below = tree.get(key, False)
        if below is True:
            continue
        kept = _leave_out(item, below) if isinstance(below, dict) else item
        if not _is_empty(kept):
            left[key] = kept
    return left


def list_response(resources: list[dict[str, Any]], total: int, start_index: int) -> dict[str, Any]:
    """Return a ListResponse (RFC 7644 §3.4.2), always with `Resources`: Entra refuses a list without it."""
    return {
        "schemas": [SchemaURI.LIST_RESPONSE],
        "totalResults": total,
        "startIndex": start_index,
        "itemsPerPage": len(resources),
        "Resources": resources,
    }
