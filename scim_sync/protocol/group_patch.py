"""PATCH of a group (RFC 7644 §3.5.2): its attributes as a representation, its members as changes by id.

The list of members is never looked at here, so that a group of 100,000 costs as much as an empty one.
"""

from collections.abc import Callable
from typing import Any, Final

from scim2_models.path import CompareOperator, Comparison, FilterNode, LogicalExpr, LogicalOperator

from scim_sync.protocol import entra
from scim_sync.protocol.attributes import GROUP
from scim_sync.protocol.bodies import GroupBody
from scim_sync.protocol.errors import Mutability
from scim_sync.protocol.members import MemberChange, member_ids
from scim_sync.protocol.operations import Operation, normalise_operations
from scim_sync.protocol.patch import Representation, patched
from scim_sync.protocol.rules import check_group

_MEMBERS: Final = "members"


def apply_group_patch(
    resource: Representation,
    body: dict[str, Any],
    *,
    comparison_key: Callable[[str], str],
    replace_adds: bool,
) -> GroupBody:
    """Apply the body of a PATCH to the representation of a group, which is without its members.

    `replace_adds`: `replace` of `members` adds those named and removes nobody. Raises the ScimError of
    RFC 7644 §3.12, and then nothing was applied.
    """
    operations, names = normalise_operations(body, GROUP)
    on_members = [operation for operation in operations if _is_on_members(operation)]
    others = [operation for operation in operations if not _is_on_members(operation)]
    wanted = patched(resource, others, names, comparison_key, GROUP, check_group)
    changes: list[MemberChange] = []
    for operation in on_members:
        for change in _changes(operation, replace_adds):
            _append(changes, change)
    return GroupBody(wanted.resource, changes, wanted.ignored)


def _is_on_members(operation: Operation) -> bool:
    return operation.path.startswith(_MEMBERS)


def _changes(operation: Operation, replace_adds: bool) -> list[MemberChange]:
    op, path, value, selector = operation
    if path == _MEMBERS:
        if op == "remove" and value is None:
            # RFC 7644 §3.5.2.2: no filter removes all. An empty list to replace them says so, too (ADR 19).
            return [MemberChange("replace")]
        verb = entra.member_verb(op, replace_adds=replace_adds)
        return [MemberChange(verb, member_ids(value))]
    if selector is None or not path.endswith("]"):
        raise Mutability(f"{path}: a member is added or removed, never changed")  # RFC 7643 §8.7.1
    ids = _named(selector)
    selected = MemberChange("remove", ids) if ids is not None else MemberChange("remove", selector=path)
    if op == "remove":
        return [selected]
    added = MemberChange("add", member_ids([{"value": ids[0], **value} if ids else value]))
    return [added] if op == "add" else [selected, added]


def _named(node: FilterNode) -> tuple[str, ...] | None:
    """The ids of `value eq "…"`, alone or joined by `or`; None for any other filter."""
    if isinstance(node, LogicalExpr) and node.op == LogicalOperator.or_:
        named = [_named(term) for term in node.terms]
        return None if None in named else tuple(pk for ids in named for pk in ids or ())
    if isinstance(node, Comparison) and node.op == CompareOperator.eq and str(node.attr_path) == "value":
        return (node.value,) if isinstance(node.value, str) else ()
    return None


def _append(changes: list[MemberChange], change: MemberChange) -> None:
    """Join steps that do the same: a thousand operations of one member each are one statement."""
    last = changes[-1] if changes else None
    if last and last.op == change.op != "replace" and not last.selector and not change.selector:
        changes[-1] = MemberChange(last.op, tuple(dict.fromkeys(last.ids + change.ids)))
    else:
        changes.append(change)
