"""PATCH of a group as a pure function (RFC 7644 §3.5.2): attributes as a representation, members as changes.

It never reads the list of members, so a group of 100,000 costs as much as an empty one.
"""

from collections.abc import Callable
from typing import Any

from scim_sync.protocol.attributes import GROUP
from scim_sync.protocol.bodies import GroupBody
from scim_sync.protocol.members import is_on_members, member_changes
from scim_sync.protocol.mutability import Representation
from scim_sync.protocol.operations import normalise_operations
from scim_sync.protocol.patch import patched
from scim_sync.protocol.rules import check_group


def apply_group_patch(
    resource: Representation,
    body: dict[str, Any],
    *,
    comparison_key: Callable[[str], str],
    replace_adds: bool,
) -> GroupBody:
    """Apply the body of a PATCH to the representation of a group without its members.

    `replace_adds`: `replace` of `members` adds the listed members and removes nobody. Raises the ScimError of
    RFC 7644 §3.12; then nothing is applied.
    """
    operations, ignored = normalise_operations(body, GROUP)
    on_members = [operation for operation in operations if is_on_members(operation)]
    others = [operation for operation in operations if not is_on_members(operation)]
    wanted, _ = patched(resource, others, GROUP, comparison_key)
    if others:
        check_group(wanted, comparison_key)
    members = member_changes(on_members, replace_adds=replace_adds)
    return GroupBody(wanted, members, tuple(ignored.names()))
