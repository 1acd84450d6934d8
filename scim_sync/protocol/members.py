"""Members of a group in requests: ids, which are not looked up here (RFC 7643 §4.2)."""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from scim2_models.path import CompareOperator, Comparison, FilterNode, LogicalExpr, LogicalOperator

from scim_sync.protocol import entra
from scim_sync.protocol.errors import InvalidValue, Mutability
from scim_sync.protocol.operations import Operation

_MEMBERS: Final = "members"


class MemberChange(NamedTuple):
    """One change: `op` is add, remove or replace; `ids` are the members.

    A `selector` (`members[type eq "Group"]`) is resolved when this change is applied.
    """

    op: str
    ids: tuple[str, ...] = ()
    selector: str | None = None


def member_ids(members: list[dict[str, Any]]) -> tuple[str, ...]:
    """Return the ids in a list of members, each once. Raises InvalidValue for a member without one."""
    for member in members:
        if "value" not in member:
            raise InvalidValue("members.value: is required, the id of a person or group")
    return tuple(dict.fromkeys(member["value"] for member in members))


def is_on_members(operation: Operation) -> bool:
    """Whether an operation of a PATCH changes members."""
    return operation.path.startswith(_MEMBERS)


def member_changes(operations: Iterable[Operation], *, replace_adds: bool) -> list[MemberChange]:
    """Return the changes that operations on members make, in order. `replace_adds` as in `entra.member_verb`.

    Raises InvalidValue, and Mutability for an operation that would modify a member.
    """
    changes: list[MemberChange] = []
    for operation in operations:
        for change in _changes(operation, replace_adds):
            _append(changes, change)
    return changes


def _changes(operation: Operation, replace_adds: bool) -> list[MemberChange]:
    op, path, value, selector, _every = operation
    if path == _MEMBERS:
        if op == "remove" and value is None:
            # RFC 7644 §3.5.2.2: without a filter, remove all. So does a replace with an empty list (ADR 19).
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
    """Return the ids of `value eq "…"`, alone or joined by `or`; None for any other filter."""
    if isinstance(node, LogicalExpr) and node.op == LogicalOperator.or_:
        named = [_named(term) for term in node.terms]
        return None if None in named else tuple(pk for ids in named for pk in ids or ())
    if isinstance(node, Comparison) and node.op == CompareOperator.eq and str(node.attr_path) == "value":
        return (node.value,) if isinstance(node.value, str) else ()
    return None


def _append(changes: list[MemberChange], change: MemberChange) -> None:
    """Join changes of the same kind, so that a thousand operations are one statement."""
    last = changes[-1] if changes else None
    if last and last.op == change.op != "replace" and not last.selector and not change.selector:
        changes[-1] = MemberChange(last.op, tuple(dict.fromkeys(last.ids + change.ids)))
    else:
        changes.append(change)
