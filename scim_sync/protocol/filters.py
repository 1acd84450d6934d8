"""Filters (RFC 7644 §3.4.2.2) as Django's Q, over a table of what may be asked for and nothing else."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeGuard

from django.db.models import Q
from scim2_models import SCIMException as LibraryException
from scim2_models import ScimFilter
from scim2_models.path import (
    AttrPath,
    CompareOperator,
    Comparison,
    FilterNode,
    FilterVisitor,
    LogicalExpr,
    LogicalOperator,
    Not,
    Present,
    ValuePath,
)

from scim_sync.protocol import entra
from scim_sync.protocol.attributes import USER, Attribute, ResourceKind
from scim_sync.protocol.errors import InvalidFilter, ScimError, shown
from scim_sync.protocol.limits import (
    MAX_FILTER_BYTES,
    MAX_FILTER_OPERANDS,
    MAX_NESTING,
    check_text,
    measure_expression,
)

_NOTHING: Final = Q(pk__in=[])


class Kind(StrEnum):
    """What a column holds, and so what it can be compared with."""

    TEXT = "text"
    UUID = "uuid"
    BOOLEAN = "boolean"


@dataclass(frozen=True, slots=True)
class Column:
    """Where a filterable attribute lives: `q_path` is a lookup path of the queryset the Q is for.

    Unless `case_exact`, text is compared through the key function, so `q_path` must name the key column.
    """

    q_path: str
    kind: Kind = Kind.TEXT
    case_exact: bool = False


Columns = Mapping[str, Column]
"""Canonical path in lower case → Column: `username`, `emails.value`, `emails[type eq "work"].value`,
`urn:ietf:params:scim:schemas:extension:enterprise:2.0:user:manager.value`."""


def filter_to_q(
    expression: str,
    columns: Columns,
    *,
    comparison_key: Callable[[str], str],
    kind: ResourceKind = USER,
) -> Q:
    """The filter as a Q over `columns`. Raises InvalidFilter: cannot be read, too large, or not in the table.

    Length, nesting and operands are bounded before it is parsed; names come in any letter case.
    """
    _check_size(expression)
    try:
        parsed: ScimFilter[Any] = ScimFilter.__class_getitem__(kind.model)(entra.quote_literals(expression))
    except LibraryException as exc:
        raise InvalidFilter(f"filter: {exc.detail}") from None
    return _ToQ(columns, comparison_key, kind).visit(parsed.ast)


def _check_size(expression: str) -> None:
    try:
        check_text(expression, "filter", longest=MAX_FILTER_BYTES)
    except ScimError as exc:
        raise InvalidFilter(exc.detail) from None
    if len(expression.encode()) > MAX_FILTER_BYTES:
        raise InvalidFilter(f"filter: longer than {MAX_FILTER_BYTES} bytes")
    nesting, operands = measure_expression(expression)
    if nesting > MAX_NESTING:
        raise InvalidFilter(f"filter: nested more than {MAX_NESTING} levels deep")
    if operands > MAX_FILTER_OPERANDS:
        raise InvalidFilter(f"filter: {operands} operands, {MAX_FILTER_OPERANDS} are accepted")


class _ToQ(FilterVisitor[Q]):
    """One Q a node. Django negates a comparison so that NULL counts as "not equal", as RFC 7644 means it."""

    def __init__(self, columns: Columns, comparison_key: Callable[[str], str], kind: ResourceKind) -> None:
        self.columns = columns
        self.comparison_key = comparison_key
        self.kind = kind

    def visit_logical_expr(self, node: LogicalExpr) -> Q:
        connector = Q.AND if node.op == LogicalOperator.and_ else Q.OR
        return Q(*(self.visit(term) for term in node.terms), _connector=connector)

    def visit_not(self, node: Not) -> Q:
        return ~self.visit(node.expr)

    def visit_present(self, node: Present) -> Q:
        raise _unsupported(f"{node.attr_path} pr")

    def visit_comparison(self, node: Comparison) -> Q:
        attribute = self._attribute(node.attr_path)
        return self._compare(_compared(attribute).path, node)

    def visit_value_path(self, node: ValuePath) -> Q:
        """`emails[type eq "work" and value eq "x"]`, also sent as `emails[type eq "work"].value eq "x"`.

        One of the comparisons asks, the others select; which is which, the table knows.
        """
        attribute = self._attribute(node.attr_path)
        inner = node.val_filter
        is_and = isinstance(inner, LogicalExpr) and inner.op == LogicalOperator.and_
        terms = inner.terms if isinstance(inner, LogicalExpr) and is_and else (inner,)
        comparisons = [term for term in terms if _is_plain_eq(term)]
        if len(comparisons) == len(terms):
            for asking in reversed(comparisons):
                selecting = [str(term) for term in comparisons if term is not asking]
                selector = f"[{' and '.join(selecting)}]" if selecting else ""
                path = f"{attribute.path}{selector}.{asking.attr_path.attr}"
                if path.lower() in self.columns:
                    return self._compare(path, asking)
        raise _unsupported(f"{attribute.path}[…]")

    def _attribute(self, attr_path: AttrPath) -> Attribute:
        attribute = entra.locate(self.kind, str(attr_path))
        if attribute is None:
            raise InvalidFilter(f"filter: {self.kind.name} has no attribute {shown(str(attr_path))}")
        return attribute

    def _compare(self, path: str, node: Comparison) -> Q:
        column = self.columns.get(path.lower())
        if column is None:
            raise _unsupported(path)
        if node.op != CompareOperator.eq:
            raise _unsupported(f"{path} {node.op.value}")
        return self._equals(column, path, node.value)

    def _equals(self, column: Column, path: str, value: Any) -> Q:
        if column.kind is Kind.BOOLEAN:
            value = entra.as_boolean(value)
            if not isinstance(value, bool):
                raise InvalidFilter(f"filter: {path} is compared with true or false, not {shown(value)}")
            return Q((column.q_path, value))
        if not isinstance(value, str):
            raise InvalidFilter(f"filter: {path} is compared with text, not {shown(value)}")
        try:
            check_text(value, path)  # "\u0000" in the literal is an escape until here
        except ScimError as exc:
            raise InvalidFilter(f"filter: {exc.detail}") from None
        if column.kind is Kind.UUID:
            return Q((column.q_path, uuid.UUID(value))) if _is_uuid(value) else _NOTHING
        return Q((column.q_path, value if column.case_exact else self.comparison_key(value)))


def _compared(attribute: Attribute) -> Attribute:
    """A comparison with a complex attribute is one with its `value`: `emails eq "x"`, `manager eq "<id>"`."""
    return attribute.sub("value") or attribute if attribute.complex else attribute


def _is_plain_eq(node: FilterNode) -> TypeGuard[Comparison]:
    return (
        isinstance(node, Comparison)
        and node.op == CompareOperator.eq
        and node.attr_path.uri is None
        and node.attr_path.sub_attr is None
    )


def _is_uuid(value: str) -> bool:
    try:
        return str(uuid.UUID(value)) == value.lower()
    except ValueError:
        return False


def _unsupported(what: str) -> InvalidFilter:
    return InvalidFilter(f"filter: {what} is not filterable here yet")
