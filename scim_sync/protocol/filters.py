"""Converts filters (RFC 7644 §3.4.2.2, the whole grammar) to conditions for the database.

What the RFC leaves open is decided here:

- *Any value matches*: a comparison with a multi-valued attribute is true if it is true for one of its
  values, also for `ne`. Use `not (emails.value eq "x")` to find resources without x.
- *Absent is null* (RFC 7643 §2.5): an attribute without a value and an empty list are compared as null. So
  for them `eq null` and `ne "x"` are true, and every other comparison is false.
- A missing `primary` is false (RFC 7643 §2.4).
- A comparison with a complex attribute compares its `value`: `emails co "x"`, `manager eq "<id>"`. If it has
  none (`name`, `addresses`), only comparisons with null are allowed.
- Times are compared chronologically, in milliseconds as shown. Text operators on them raise InvalidFilter.
- Text that is not caseExact is compared by its comparison key; `gt` and `lt` compare code points.
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
    """Return the filter as a Q. Raises InvalidFilter if it is invalid, too large, or compares wrong types.

    Length, nesting and number of operands are limited before parsing. Names may have any case. ``others`` are
    the other types of the same search: attributes that only they have are absent.
    """
    return _OfResource(columns, comparison_key, kind, others).visit(_parse(expression))


def lookup_of(
    expression: str, *, comparison_key: Callable[[str], str], kind: ResourceKind = USER
) -> tuple[str, str] | None:
    """Return (path, text as it is compared) of a filter that is only `attribute eq "text"`, else None.

    Such an attribute has one value. Directories look for a person by such a filter before every write. Raises
    InvalidFilter as `filter_to_q` does, if the filter cannot be parsed.
    """
    node = _parse(expression)
    if not isinstance(node, Comparison) or node.op != CompareOperator.eq or not node.value:
        return None
    attribute = entra.locate(kind, str(node.attr_path))
    if attribute is None or attribute.type != "string" or not isinstance(node.value, str):
        return None
    if attribute.multi_valued or (attribute.parent is not None and attribute.parent.multi_valued):
        return None
    try:
        check_text(node.value, attribute.path)
    except ScimError:
        return None  # `filter_to_q` says why it is invalid
    return attribute.path, node.value if attribute.case_exact else comparison_key(node.value)


def _parse(expression: str) -> FilterNode:
    _check_size(expression)
    try:
        parsed: ScimFilter[Any] = ScimFilter(entra.quote_literals(expression))
        return parsed.ast
    except entra.Misquoted as exc:
        raise InvalidFilter(f"filter: {exc}") from None
    except LibraryException as exc:
        raise InvalidFilter(f"filter: {exc.detail}") from None


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
        """`emails[type eq "work" and value co "x"]`: one element must match the whole filter.

        The parser converts Entra's `emails[type eq "work"].value co "x"` to this form.
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
        """RFC 7644 §3.4.2.2: `pr` of a complex attribute is true if a sub-attribute has a value."""
        if attribute.multi_valued:
            return _not_empty(attribute, self._many(attribute))
        if attribute.parent is not None and attribute.parent.multi_valued:
            name = attribute.name
            return self._many(attribute.parent).any(lambda element: element(name).present())
        if attribute.complex:
            return _any_of(self._present(sub) for sub in attribute.subs.values() if not sub.write_only)
        return self._single(attribute).present()

    def _compare_any(self, owner: Attribute, name: str, attribute: Attribute, node: Comparison) -> Q:
        """Compare with any value of a list; an empty list counts as null."""
        many = self._many(owner)
        if node.op == CompareOperator.eq and attribute.type in ("string", "reference") and node.value:
            return many.holding({name: str(self.operand(attribute, node))})
        found = many.any(lambda element: self.compare(element(name), attribute, node))
        if (node.op == CompareOperator.ne) != (node.value is None):  # true for null
            return found | self.columns.negation(_not_empty(owner, many))
        return found


class _OfElement(Comparisons):
    """The filter in the brackets of a value path, for one element."""

    element: Element

    def __init__(self, columns: Columns, comparison_key: Callable[[str], str], attribute: Attribute) -> None:
        super().__init__(columns, comparison_key)
        self.attribute = attribute

    def of(self, element: Element, node: FilterNode) -> Q:
        """Return the condition for one element."""
        self.element = element
        return self.visit(node)

    def equal_texts(self, node: FilterNode) -> dict[str, str]:
        """Return sub-attribute → text if the filter only has equalities joined by `and`; else {}."""
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
        """Return the sub-attribute of a name in the brackets. In a list of texts, `value` is the element."""
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
