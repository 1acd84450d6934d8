"""Applies normalized operations to a representation with scim2-models (RFC 7644 §3.5.2): all or none."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from pydantic import ValidationError
from scim2_models import Context, PatchOp, Resource
from scim2_models import SCIMException as LibraryException

from scim_sync.protocol import entra
from scim_sync.protocol.attributes import ResourceKind
from scim_sync.protocol.library_errors import from_library
from scim_sync.protocol.mutability import (
    Representation,
    take_changed_secrets,
    with_unknown_secrets,
    writable,
)
from scim_sync.protocol.operations import Operation
from scim_sync.protocol.rendering import compact
from scim_sync.protocol.schemas.models import model_of
from scim_sync.protocol.values import is_hollow


def patched(
    resource: Representation,
    operations: Sequence[Operation],
    kind: ResourceKind,
    comparison_key: Callable[[str], str],
) -> tuple[Representation, dict[str, str | None]]:
    """Return the writable part after the operations, and the changed write-only attributes.

    The latter are by canonical path, None for a cleared one; those without an operation are missing.
    `comparison_key` converts text that is not caseExact for comparisons. Raises ScimError.
    """
    before = writable(resource, kind)
    if not operations:
        return before, {}
    policy = entra.policy(comparison_key)
    message = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [operation.as_dict() for operation in operations],
    }
    try:
        model_type = model_of(kind.name)
        model = model_type.model_validate(with_unknown_secrets(before, kind), scim_policy=policy)
        patch = _patch_type(model_type).model_validate(
            message, scim_ctx=Context.RESOURCE_PATCH_REQUEST, scim_policy=policy
        )
        patch.patch(model, policy)
    except (LibraryException, ValidationError) as exc:
        raise from_library(exc) from exc
    after = {}
    for name, value in compact(model.model_dump()).items():
        if isinstance(value, list):
            value = [item for item in value if not is_hollow(item)]
        if value and name != "schemas" or value is False:
            after[name] = value
    return take_changed_secrets(after, kind)


@cache
def _patch_type(model: type[Resource[Any]]) -> "type[PatchOp[Any]]":  # PatchOp[Any] cannot be evaluated
    patch_type: type[PatchOp[Any]] = PatchOp.__class_getitem__(model)
    return patch_type
