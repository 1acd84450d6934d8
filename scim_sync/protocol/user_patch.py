"""PATCH of a person as a pure function (RFC 7644 §3.5.2)."""

from collections.abc import Callable
from typing import Any

from scim_sync.protocol.attributes import USER
from scim_sync.protocol.bodies import UserBody
from scim_sync.protocol.effort import Effort
from scim_sync.protocol.mutability import Representation
from scim_sync.protocol.operations import normalise_operations
from scim_sync.protocol.patch import patched
from scim_sync.protocol.rules import check_user


def apply_patch(
    resource: Representation,
    body: dict[str, Any],
    *,
    comparison_key: Callable[[str], str],
    effort: Effort | None = None,
) -> UserBody:
    """Apply the body of a PATCH to the representation of a person, which `render` returned.

    `comparison_key` converts text that is not caseExact for comparisons. `effort` counts the work of the
    request. Raises the ScimError of RFC 7644 §3.12; then nothing is applied.
    """
    operations, ignored = normalise_operations(body)
    (effort or Effort()).patch(resource, operations)
    wanted, write_only = patched(resource, operations, USER, comparison_key)
    if operations:
        check_user(wanted, comparison_key)
    for operation in operations:
        if operation.every and operation.every not in wanted:  # the list is empty
            ignored.add(operation.path)
    return UserBody(wanted, write_only, tuple(ignored.names()), is_whole=False)
