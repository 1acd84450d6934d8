"""Operations applied to a representation (RFC 7644 §3.5.2), by scim2-models: all of them or none."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, Final, NamedTuple

from pydantic import ValidationError
from scim2_models import Context, PatchOp, Resource
from scim2_models import SCIMException as LibraryException

from scim_sync.protocol import entra
from scim_sync.protocol.attributes import ResourceKind
from scim_sync.protocol.errors import from_library
from scim_sync.protocol.operations import Operation
from scim_sync.protocol.rendering import compact, schemas_of
from scim_sync.protocol.rules import split_write_only, write_only_attributes
from scim_sync.protocol.values import Ignored, is_hollow

Representation = dict[str, Any]

# Stands for a write-only value we do not know; no client can send NUL (limits.check_document).
_UNTOUCHED: Final = "\x00"


class Patched(NamedTuple):
    """What operations made of a representation: the new one without write-only attributes, and those apart.

    `write_only` maps canonical paths to what was given, None for "cleared", nothing for "not named".
    """

    resource: Representation
    write_only: dict[str, str | None]
    ignored: tuple[str, ...]


def patched(
    resource: Representation,
    operations: list[Operation],
    names: Iterable[str],
    comparison_key: Callable[[str], str],
    kind: ResourceKind,
    check: Callable[[Representation, Callable[[str], str]], None],
) -> Patched:
    """Apply operations that are plain already to a representation, which is left as it is.

    ``names`` were ignored so far; ``check`` judges what a client may write of the result. Raises what it
    raises, and the ScimErrors of the library.
    """
    ignored = Ignored(names)
    read_only, writable = _split_read_only(resource, kind)
    after, write_only = writable, dict[str, str | None]()
    if operations:
        after, write_only = _take_write_only(_apply(writable, operations, kind, comparison_key), kind)
        check(after, comparison_key)
    for operation in operations:
        if _found_no_element(operation, after, kind):
            ignored.add(operation.path)
    merged = _merge(after, read_only)
    merged["schemas"] = schemas_of(merged, kind)
    return Patched(merged, write_only, tuple(ignored.names()))


def _apply(
    resource: Representation,
    operations: list[Operation],
    kind: ResourceKind,
    comparison_key: Callable[[str], str],
) -> Representation:
    seeded = dict(resource)
    for attribute in write_only_attributes(kind):
        if attribute.parent is not None:
            holder = seeded.get(attribute.parent.name, {})
            seeded[attribute.parent.name] = {**holder, attribute.name: _UNTOUCHED}
    policy = entra.policy(comparison_key)
    message = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [operation.as_dict() for operation in operations],
    }
    try:
        model = kind.model.model_validate(seeded, scim_policy=policy)
        patch = _patch_type(kind.model).model_validate(
            message, scim_ctx=Context.RESOURCE_PATCH_REQUEST, scim_policy=policy
        )
        patch.patch(model, policy)
    except (LibraryException, ValidationError) as exc:
        raise from_library(exc) from exc
    patched = {}
    for name, value in compact(model.model_dump()).items():
        if isinstance(value, list):
            value = [item for item in value if not is_hollow(item)]
        if value and name != "schemas" or value is False:
            patched[name] = value
    return patched


@cache
def _patch_type(model: type[Resource[Any]]) -> "type[PatchOp[Any]]":  # PatchOp[Any] cannot be evaluated
    patch_type: type[PatchOp[Any]] = PatchOp.__class_getitem__(model)
    return patch_type


def _split_read_only(resource: Representation, kind: ResourceKind) -> tuple[Representation, Representation]:
    """What no PATCH touches (id, meta, groups, aliases), and the rest: the library need not read it."""
    read_only: Representation = {}
    writable: Representation = {}
    for name, value in resource.items():
        attribute = kind.find(name)
        if attribute is None or attribute.read_only:
            read_only[name] = value
        elif name.lower() in kind.extensions:
            kept = {key: item for key, item in value.items() if _is_read_only(kind, f"{name}:{key}")}
            rest = {key: item for key, item in value.items() if key not in kept}
            read_only |= {name: kept} if kept else {}
            writable |= {name: rest} if rest else {}
        else:
            writable[name] = value
    return read_only, writable


def _is_read_only(kind: ResourceKind, path: str) -> bool:
    attribute = kind.find(path)
    return attribute is None or attribute.read_only


def _merge(writable: Representation, read_only: Representation) -> Representation:
    merged = dict(writable)
    for name, value in read_only.items():
        merged[name] = {**merged[name], **value} if name in merged else value
    return merged


def _take_write_only(
    resource: Representation, kind: ResourceKind
) -> tuple[Representation, dict[str, str | None]]:
    rest, secrets = split_write_only(resource, kind)
    given = {attribute.path: secrets.get(attribute.path) for attribute in write_only_attributes(kind)}
    return rest, {path: value for path, value in given.items() if value != _UNTOUCHED}


def _found_no_element(operation: Operation, resource: Representation, kind: ResourceKind) -> bool:
    """Whether an operation named a member of every element of a list that is empty: nothing to write to."""
    attribute = kind.find(operation.path) if operation.op != "remove" else None
    owner = attribute.parent if attribute else None
    return owner is not None and owner.multi_valued and owner.name not in resource
