"""A representation by what may be done to its parts (RFC 7643 §7): read-only is never the client's to write,
write-only is taken and never given back.
"""

from typing import Any, Final

from scim_sync.protocol.attributes import USER, Attribute, ResourceKind

Representation = dict[str, Any]

# Stands for a write-only value we do not know; no client can send NUL (limits.check_document).
_UNTOUCHED: Final = "\x00"


def writable(resource: Representation, kind: ResourceKind) -> Representation:
    """What a client may write of a representation: neither id nor meta, groups, schemas or the like."""
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
    """The representation with something for every write-only attribute, so that removing one shows."""
    seeded = dict(resource)
    for holder, attribute in _write_only(kind):
        seeded[holder.name] = {**seeded.get(holder.name, {}), attribute.name: _UNTOUCHED}
    return seeded


def take_changed_secrets(
    resource: Representation, kind: ResourceKind
) -> tuple[Representation, dict[str, str | None]]:
    """The opposite: the rest, and by canonical path the write-only attributes that are not as they were.

    None stands for one that was removed.
    """
    rest, secrets = split_write_only(resource, kind)
    given = {attribute.path: secrets.get(attribute.path) for _holder, attribute in _write_only(kind)}
    return rest, {path: value for path, value in given.items() if value != _UNTOUCHED}


def split_write_only(
    resource: Representation, kind: ResourceKind = USER
) -> tuple[Representation, dict[str, str | None]]:
    """The representation without its write-only attributes, and those by their canonical path."""
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
    """The write-only attributes, each behind the extension it belongs to."""
    return [
        (attribute.parent, attribute)
        for attribute in kind.walk()
        if attribute.write_only and attribute.parent is not None
    ]
