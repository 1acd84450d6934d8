"""Comparisons of a filter: checks operator and literal against the type of the attribute."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.db.models import Q
from scim2_models.path import (
    ORDERING_OPERATORS,
    STRING_OPERATORS,
    CompareOperator,
    Comparison,
    FilterVisitor,
    LogicalExpr,
    LogicalOperator,
    Not,
)

from scim_sync.protocol import entra
from scim_sync.protocol.attributes import Attribute
from scim_sync.protocol.errors import InvalidFilter, ScimError, shown
from scim_sync.protocol.limits import check_text
from scim_sync.protocol.moments import parse_moment
from scim_sync.protocol.storage import Columns, Operand, Single

_EQUALITY: Final = frozenset({CompareOperator.eq, CompareOperator.ne})
_UNUSABLE: Final = {
    "boolean": ORDERING_OPERATORS | STRING_OPERATORS,  # RFC 7644 §3.4.2.2, Table 3
    "binary": ORDERING_OPERATORS | STRING_OPERATORS,
    "dateTime": STRING_OPERATORS,
}


class Comparisons(FilterVisitor[Q]):
    """The parts that filters on resources and on elements of a list share."""

    def __init__(self, columns: Columns, comparison_key: Callable[[str], str]) -> None:
        self.columns = columns
        self.comparison_key = comparison_key

    def visit_logical_expr(self, node: LogicalExpr) -> Q:
        connector = Q.AND if node.op == LogicalOperator.and_ else Q.OR
        return Q(*(self.visit(term) for term in node.terms), _connector=connector)

    def visit_not(self, node: Not) -> Q:
        """Negate the comparisons themselves: SQLite cannot parse twenty nested NOTs."""
        inner = node.expr
        if isinstance(inner, Not):
            return self.visit(inner.expr)
        if isinstance(inner, LogicalExpr):
            is_and = inner.op == LogicalOperator.and_
            opposite = LogicalOperator.or_ if is_and else LogicalOperator.and_
            return self.visit(LogicalExpr(opposite, tuple(Not(term) for term in inner.terms)))
        return self.columns.negation(self.visit(inner))

    def compare(self, value: Single, attribute: Attribute, node: Comparison) -> Q:
        """Return the condition that a comparison puts on one value, which may be absent."""
        check_operator(attribute, node)
        if node.value is None:
            present = value.present()
            return present if node.op == CompareOperator.ne else self.columns.negation(present)
        operand = self.operand(attribute, node)
        if node.op not in _EQUALITY:
            return value.compare(node.op, operand)
        # Compare booleans with true only: an absent one counts as false.
        compared = operand if operand is not False else True
        equal = value.compare(CompareOperator.eq, compared)
        wanted = (node.op == CompareOperator.eq) == (compared is operand)
        return equal if wanted else self.columns.negation(equal)

    def operand(self, attribute: Attribute, node: Comparison) -> Operand:
        """Return the operand as the type of the attribute. Raises InvalidFilter for another type."""
        path, value = attribute.path, node.value
        if attribute.type == "boolean":
            value = entra.as_boolean(value)
            if not isinstance(value, bool):
                raise InvalidFilter(f"filter: {path} is compared with true or false, not {shown(value)}")
            return value
        if not isinstance(value, str):
            raise InvalidFilter(f"filter: {path} is compared with text, not {shown(value)}")
        if attribute.type == "dateTime":
            return _moment(path, value)
        try:
            check_text(value, path)  # "\u0000" in the literal was an escape until here
        except ScimError as exc:
            raise InvalidFilter(f"filter: {exc.detail}") from None
        return value if attribute.case_exact else self.comparison_key(value)


def check_operator(attribute: Attribute, node: Comparison) -> None:
    """Raise InvalidFilter if the operator does not fit the type of the attribute."""
    usable = node.op in _EQUALITY or (
        node.value is not None and node.op not in _UNUSABLE.get(attribute.type, frozenset())
    )
    if not usable:
        what = "null" if node.value is None else f"a {attribute.type}"
        raise InvalidFilter(f"filter: {attribute.path} {node.op.value}: not with {what}")


def _moment(path: str, text: str) -> datetime:
    moment = parse_moment(text)
    if moment is None:
        example = "2026-11-23T08:00:00Z"
        raise InvalidFilter(f"filter: {path} is compared with a moment such as {example}, not {shown(text)}")
    return moment
