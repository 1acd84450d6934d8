"""Filters (RFC 7644 §3.4.2.2), the whole grammar, as a condition on whatever keeps the resources.

What the RFC leaves open is decided here, once:

- *Any value matches*: a comparison with a multi-valued attribute holds if it holds of one of its values,
  `ne` included. `not (emails.value eq "x")` is the way to say that none is x.
- *Absent is null* (RFC 7643 §2.5): an attribute without a value, and a list without elements, compare as one
  null. So `eq null` says that there is no value, `ne "x"` is true of it, and every other operator false.
- `primary` that is not given is false (RFC 7643 §2.4).
- A comparison with a complex attribute is one with its `value`: `emails co "x"`, `manager eq "<id>"`;
  without one (`name`, `addresses`) it is refused, except with null.
- Moments compare chronologically, in the milliseconds that are shown; text operators on them are refused.
- Text that is not caseExact is compared through the key function, also by `gt` and `lt`: by code points.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import Q
from scim2_models import SCIMException as LibraryException
from scim2_models import ScimFilter
from scim2_models.path import (
    AttrPath,
    CompareOperator,
    Comparison,
    FilterNode,
    LogicalExpr,
    LogicalOperator,
    Present,
    ValuePath,
)

from scim_sync.protocol import entra
from scim_sync.protocol.absence import Absent, Empty
from scim_sync.protocol.attributes import USER, Attribute, ResourceKind
from scim_sync.protocol.comparisons import Comparisons, check_operator
from scim_sync.protocol.errors import InvalidFilter, ScimError, shown
from scim_sync.protocol.limits import (
    MAX_FILTER_BYTES,
    MAX_FILTER_OPERANDS,
    MAX_NESTING,
    check_text,
    measure_expression,
)
from scim_sync.protocol.storage import Columns, Element, Many, Single


def filter_to_q(
    expression: str,
    columns: Columns,
    *,
    comparison_key: Callable[[str], str],
    kind: ResourceKind = USER,
    others: Sequence[ResourceKind] = (),
) -> Q:
    """The filter as a Q. Raises InvalidFilter with the attribute: unreadable, too large, not comparable so.

    Length, nesting and operands are bounded before it is parsed; names come in any letter case. Attributes
    that only ``others`` have, the types asked at the same time, are absent here.
    """
    _check_size(expression)
    try:
        parsed: ScimFilter[Any] = ScimFilter(entra.quote_literals(expression))
    except entra.Misquoted as exc:
        raise InvalidFilter(f"filter: {exc}") from None
    except LibraryException as exc:
        raise InvalidFilter(f"filter: {exc.detail}") from None
    return _OfResource(columns, comparison_key, kind, others).visit(parsed.ast)


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


class _OfResource(Comparisons):
    def __init__(
        self,
        columns: Columns,
        comparison_key: Callable[[str], str],
        kind: ResourceKind,
        others: Sequence[ResourceKind],
    ) -> None:
        super().__init__(columns, comparison_key)
        self.kind = kind
        self.others = others

    def visit_present(self, node: Present) -> Q:
        return self._present(self._attribute(node.attr_path))

    def visit_comparison(self, node: Comparison) -> Q:
        attribute = self._attribute(node.attr_path)
        if attribute.complex:
            if node.value is None:
                check_operator(attribute, node)
                present = self._present(attribute)
                return present if node.op == CompareOperator.ne else self.columns.negation(present)
            attribute = _value_of(attribute)
        if attribute.multi_valued:
            return self._compare_any(attribute, "value", attribute, node)
        if attribute.parent is not None and attribute.parent.multi_valued:
            return self._compare_any(attribute.parent, attribute.name, attribute, node)
        return self.compare(self._single(attribute), attribute, node)

    def visit_value_path(self, node: ValuePath) -> Q:
        """`emails[type eq "work" and value co "x"]`: one element of which all of it holds.

        The parser makes the same of `emails[type eq "work"].value co "x"`, as Entra writes it.
        """
        attribute = self._attribute(node.attr_path)
        if not attribute.multi_valued:
            raise InvalidFilter(f"filter: {attribute.path} is no list to select from")
        many = self._many(attribute)
        visitor = _OfElement(self.columns, self.comparison_key, attribute)
        texts = visitor.equal_texts(node.val_filter)
        return (
            many.holding(texts) if texts else many.any(lambda element: visitor.of(element, node.val_filter))
        )

    def _attribute(self, attr_path: AttrPath) -> Attribute:
        name = str(attr_path)
        located = (entra.locate(kind, name) for kind in (self.kind, *self.others))
        attribute = next((found for found in located if found is not None), None)
        if attribute is None:
            raise InvalidFilter(f"filter: {self.kind.name} has no attribute {shown(name)}")
        if attribute.write_only:
            raise InvalidFilter(f"filter: {attribute.path} is never shown and cannot be asked for")
        return attribute

    def _single(self, attribute: Attribute) -> Single:
        return self.columns.single(attribute) if self.kind.has(attribute) else Absent()

    def _many(self, attribute: Attribute) -> Many:
        return self.columns.many(attribute) if self.kind.has(attribute) else Empty()

    def _present(self, attribute: Attribute) -> Q:
        """RFC 7644 §3.4.2.2: `pr` of a complex attribute says that one of its nodes is not empty."""
        if attribute.multi_valued:
            return _not_empty(attribute, self._many(attribute))
        if attribute.parent is not None and attribute.parent.multi_valued:
            name = attribute.name
            return self._many(attribute.parent).any(lambda element: element(name).present())
        if attribute.complex:
            return _any_of(self._present(sub) for sub in attribute.subs.values() if not sub.write_only)
        return self._single(attribute).present()

    def _compare_any(self, owner: Attribute, name: str, attribute: Attribute, node: Comparison) -> Q:
        """A comparison with the values of a list: any of them, or the null of a list without elements."""
        many = self._many(owner)
        if node.op == CompareOperator.eq and attribute.type in ("string", "reference") and node.value:
            return many.holding({name: str(self.operand(attribute, node))})
        found = many.any(lambda element: self.compare(element(name), attribute, node))
        if (node.op == CompareOperator.ne) != (node.value is None):  # what is true of null
            return found | self.columns.negation(_not_empty(owner, many))
        return found


class _OfElement(Comparisons):
    """The filter in the brackets of a value path; `element` is what it is asked of."""

    element: Element

    def __init__(self, columns: Columns, comparison_key: Callable[[str], str], attribute: Attribute) -> None:
        super().__init__(columns, comparison_key)
        self.attribute = attribute

    def of(self, element: Element, node: FilterNode) -> Q:
        """The condition on one element."""
        self.element = element
        return self.visit(node)

    def equal_texts(self, node: FilterNode) -> dict[str, str]:
        """Sub-attribute → text, if the filter asks for no more than that they are equal; else nothing."""
        is_and = isinstance(node, LogicalExpr) and node.op == LogicalOperator.and_
        terms: Sequence[FilterNode] = node.terms if isinstance(node, LogicalExpr) and is_and else (node,)
        texts: dict[str, str] = {}
        for term in terms:
            if not isinstance(term, Comparison) or term.op != CompareOperator.eq or not term.value:
                return {}
            sub = self._sub(term.attr_path)
            if sub.type not in ("string", "reference") or sub.name in texts:
                return {}
            texts[self._name(sub)] = str(self.operand(sub, term))
        return texts

    def visit_present(self, node: Present) -> Q:
        return self.element(self._name(self._sub(node.attr_path))).present()

    def visit_comparison(self, node: Comparison) -> Q:
        sub = self._sub(node.attr_path)
        return self.compare(self.element(self._name(sub)), sub, node)

    def _name(self, sub: Attribute) -> str:
        return "value" if sub is self.attribute else sub.name

    def _sub(self, attr_path: AttrPath) -> Attribute:
        """What a name in the brackets means: `value` is the element itself where the list is a plain one."""
        name = str(attr_path)
        plain = not self.attribute.complex and name.lower() == "value"
        sub = self.attribute if plain else self.attribute.sub(name)
        if sub is None:
            raise InvalidFilter(f"filter: {self.attribute.path} has no sub-attribute {shown(name)}")
        return sub


def _value_of(attribute: Attribute) -> Attribute:
    value = attribute.sub("value")
    if value is None:
        raise InvalidFilter(f"filter: {attribute.path} is complex; compare one of its sub-attributes")
    return value


def _not_empty(attribute: Attribute, many: Many) -> Q:
    names = [sub.name for sub in attribute.subs.values()] or ["value"]
    return many.any(lambda element: _any_of(element(name).present() for name in names))


def _any_of(conditions: Iterable[Q]) -> Q:
    return Q(*conditions, _connector=Q.OR)
