"""Resolves member selections such as `members[type eq "Group"]`. Reads the members once per request.

Compares like filters (`scim_sync.protocol.filters`): text by its comparison key, absent values as null.
"""

from collections.abc import Callable, Collection
from typing import Any, Final
from uuid import UUID

from scim2_models.path import (
    CompareOperator,
    Comparison,
    FilterVisitor,
    LogicalExpr,
    LogicalOperator,
    Not,
    Present,
    ValuePath,
)

from scim_sync.protocol.effort import Effort
from scim_sync.protocol.ids import parse_id
from scim_sync.protocol.limits import measure_expression
from scim_sync.protocol.paths import parse_path

Member = dict[str, str]
Test = Callable[[Member], bool]

_ORDERINGS: Final[dict[CompareOperator, Callable[[str, str], bool]]] = {
    CompareOperator.eq: lambda value, operand: value == operand,
    CompareOperator.co: lambda value, operand: operand in value,
    CompareOperator.sw: str.startswith,
    CompareOperator.ew: str.endswith,
    CompareOperator.gt: lambda value, operand: value > operand,
    CompareOperator.ge: lambda value, operand: value >= operand,
    CompareOperator.lt: lambda value, operand: value < operand,
    CompareOperator.le: lambda value, operand: value <= operand,
}


class MemberSelection:
    """The members of one group during one PATCH.

    ``read`` returns the members with these ids, or all for None. It is called when a selection needs them.
    """

    def __init__(
        self,
        read: Callable[[Collection[UUID] | None], list[dict[str, Any]]],
        comparison_key: Callable[[str], str],
        effort: Effort,
    ) -> None:
        self._read = read
        self._key = comparison_key
        self._effort = effort
        self._members: dict[UUID, Member] | None = None
        self._unread: set[UUID] = set()

    def select(self, selector: str) -> frozenset[UUID]:
        """Return the ids of the members that ``selector`` selects now. Raises TooMany."""
        _, comparisons = measure_expression(selector)
        self._effort.select(comparisons, 0)  # once over the limit, do not read the table
        members = self._up_to_date()
        self._effort.select(comparisons, len(members))
        node = parse_path(selector)
        if not isinstance(node, ValuePath):
            raise TypeError(f"{selector} selects nothing")
        test = _Tests(self._key).visit(node.val_filter)
        return frozenset(pk for pk, member in members.items() if test(member))

    def note_added(self, ids: Collection[UUID]) -> None:
        """Add these members."""
        if self._members is not None:
            self._unread |= {pk for pk in ids if pk not in self._members}

    def note_removed(self, ids: Collection[UUID]) -> None:
        """Remove these members."""
        if self._members is not None:
            self._unread -= set(ids)
            for pk in ids:
                self._members.pop(pk, None)

    def note_replaced(self, ids: Collection[UUID]) -> None:
        """Replace all members with these."""
        if self._members is not None:
            self.note_removed((self._members.keys() | self._unread) - set(ids))
            self.note_added(ids)

    def _up_to_date(self) -> dict[UUID, Member]:
        if self._members is None:
            self._members = self._folded(None)
        elif self._unread:
            self._members |= self._folded(self._unread)
            self._unread = set()
        return self._members

    def _folded(self, ids: Collection[UUID] | None) -> dict[UUID, Member]:
        return {
            parse_id(member["value"]): {name: self._key(str(text)) for name, text in member.items()}
            for member in self._read(ids)
        }


class _Tests(FilterVisitor[Test]):
    """Converts the filter in the brackets to a test of one member. Names are canonical, literals are text."""

    def __init__(self, comparison_key: Callable[[str], str]) -> None:
        self.comparison_key = comparison_key

    def visit_comparison(self, node: Comparison) -> Test:
        name, is_ne = node.attr_path.attr, node.op == CompareOperator.ne
        if node.value is None:
            if node.op not in (CompareOperator.eq, CompareOperator.ne):
                return lambda member: False
            return lambda member: (name in member) == is_ne
        operand = self.comparison_key(str(node.value))
        if is_ne:
            return lambda member: member.get(name) != operand
        compare = _ORDERINGS[node.op]
        return lambda member: name in member and compare(member[name], operand)

    def visit_present(self, node: Present) -> Test:
        return lambda member: bool(member.get(node.attr_path.attr))

    def visit_not(self, node: Not) -> Test:
        inner = self.visit(node.expr)
        return lambda member: not inner(member)

    def visit_logical_expr(self, node: LogicalExpr) -> Test:
        tests = [self.visit(term) for term in node.terms]
        joined = all if node.op == LogicalOperator.and_ else any
        return lambda member: joined(test(member) for test in tests)
