"""Splits representations by mutability (RFC 7643 §7): clients cannot write read-only attributes, and
write-only attributes are never returned.
"""

from typing import Any, Final

from scim_sync.protocol.attributes import USER, Attribute, ResourceKind

Representation = dict[str, Any]

# Placeholder for an unknown write-only value. Clients cannot send NUL (limits.check_document).
_UNTOUCHED: Final = "\x00"


def writable(resource: Representation, kind: ResourceKind) -> Representation:
    """Return the part of a representation that clients can write: without id, meta, groups, schemas…"""
    parts: Representation = {}
    for name, value in resource.items():
        attribute = kind.find(name)
        if attribute is None or attribute.read_only:
            continue
        if name.lower() in kind.extensions:
            value = {key: item for key, item in value.items() if _is_writable(attribute, key)}
        if value != {}:
            parts[name] = value
    return parts


def _is_writable(extension: Attribute, name: str) -> bool:
    attribute = extension.sub(name)
    return attribute is not None and not attribute.read_only


def with_unknown_secrets(resource: Representation, kind: ResourceKind) -> Representation:
    """Add a placeholder for every write-only attribute, so that a removal can be detected."""
    seeded = dict(resource)
    for holder, attribute in _write_only(kind):
        seeded[holder.name] = {**seeded.get(holder.name, {}), attribute.name: _UNTOUCHED}
    return seeded


def take_changed_secrets(
    resource: Representation, kind: ResourceKind
) -> tuple[Representation, dict[str, str | None]]:
    """Undo `with_unknown_secrets`: return the rest, and the changed write-only attributes by canonical path.

    None means that the attribute was removed.
    """
    rest, secrets = split_write_only(resource, kind)
    given = {attribute.path: secrets.get(attribute.path) for _holder, attribute in _write_only(kind)}
    return rest, {path: value for path, value in given.items() if value != _UNTOUCHED}


def split_write_only(
    resource: Representation, kind: ResourceKind = USER
) -> tuple[Representation, dict[str, str | None]]:
    """Return the representation without write-only attributes, and these by canonical path."""
    rest = dict(resource)
    secrets: dict[str, str | None] = {}
    for holder, attribute in _write_only(kind):
        if attribute.name not in rest.get(holder.name, {}):
            continue
        extension = dict(rest.pop(holder.name))
        secrets[attribute.path] = extension.pop(attribute.name)
        if extension:
            rest[holder.name] = extension
    return rest, secrets


def _write_only(kind: ResourceKind) -> list[tuple[Attribute, Attribute]]:
    """Return (extension, attribute) for each write-only attribute."""
    return [
        (attribute.parent, attribute)
        for attribute in kind.walk()
        if attribute.write_only and attribute.parent is not None
    ]
