"""PATCH as a pure function (RFC 7644 §3.5.2): representation in, representation out, all of it or nothing."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, Final, NamedTuple

from pydantic import ValidationError
from scim2_models import Context, PatchOp, Resource
from scim2_models import SCIMException as LibraryException

from scim_sync.protocol import entra
from scim_sync.protocol.attributes import USER, ResourceKind
from scim_sync.protocol.effort import Effort
from scim_sync.protocol.errors import PayloadTooLarge, from_library
from scim_sync.protocol.limits import MAX_PATCH_WORK, measure_expression
from scim_sync.protocol.operations import Operation, normalise_operations
from scim_sync.protocol.rendering import compact, schemas_of
from scim_sync.protocol.rules import check_user, split_write_only, write_only_attributes
from scim_sync.protocol.values import Ignored, is_hollow

Representation = dict[str, Any]

# Stands for a write-only value we do not know; no client can send NUL (limits.check_document).
_UNTOUCHED: Final = "\x00"


class PatchResult(NamedTuple):
    """What a PATCH made of a person or group.

    `resource` is the new representation without write-only attributes, `changed` whether it differs from the
    old one; `write_only` maps canonical paths to what was given, None for "cleared", nothing for "not named".
    """

    resource: Representation
    changed: bool
    ignored: tuple[str, ...]
    write_only: dict[str, str | None]


def apply_patch(
    resource: Representation,
    body: dict[str, Any],
    *,
    comparison_key: Callable[[str], str],
    effort: Effort | None = None,
) -> PatchResult:
    """Apply the body of a PATCH to the representation of a person; the input is left as it is.

    `comparison_key` gives the form in which text that is not caseExact is compared; `effort` counts what the
    request asks for. Raises the ScimError of RFC 7644 §3.12, and then nothing was applied.
    """
    operations, names = normalise_operations(body)
    _check_work(compact(resource), operations, effort or Effort())
    return patched(resource, operations, names, comparison_key, USER, check_user)


def patched(
    resource: Representation,
    operations: list[Operation],
    names: Iterable[str],
    comparison_key: Callable[[str], str],
    kind: ResourceKind,
    check: Callable[[Representation, Callable[[str], str]], None],
) -> PatchResult:
    """Apply operations that are plain already; ``names`` were ignored so far, ``check`` judges the result."""
    ignored = Ignored(names)
    before = compact(resource)
    read_only, writable = _split_read_only(before, kind)
    after, write_only = writable, dict[str, str | None]()
    if operations:
        after, write_only = _take_write_only(_apply(writable, operations, kind, comparison_key), kind)
        check(after, comparison_key)
    for operation in operations:
        if _found_no_element(operation, after, kind):
            ignored.add(operation.path)
    merged = _merge(after, read_only)
    merged["schemas"] = schemas_of(merged, kind)
    return PatchResult(merged, after != writable, tuple(ignored.names()), write_only)


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


def _check_work(resource: Representation, operations: list[Operation], effort: Effort) -> None:
    """Bound what the library does: it copies a list for each operation on it, and compares value by value."""
    sizes = {name: len(value) for name, value in resource.items() if isinstance(value, list)}
    work = 0
    for op, path, value in operations:
        name, selected, _ = path.partition("[")
        given = len(value) if isinstance(value, list) else 0
        comparisons = given if op == "remove" else 0
        if selected:
            comparisons = measure_expression(path)[1]
        if op == "add" or selected:  # a selection that matches nothing creates what it selects
            sizes[name] = sizes.get(name, 0) + (1 if selected else given)
        elif op == "replace" and given:
            sizes[name] = given
        work += sizes.get(name, 0) * (1 + comparisons // 5)  # a copy takes as long as some five comparisons
    if work > MAX_PATCH_WORK:
        raise PayloadTooLarge(
            "Operations: too many operations on too many values of lists, send fewer at once"
        )
    effort.copy(work)


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
