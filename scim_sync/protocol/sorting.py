"""sortBy and sortOrder of a list (RFC 7644 §3.4.2.3)."""

from collections.abc import Sequence
from typing import Any, Final

from django.db.models import OrderBy, TextField, Value

from scim_sync.protocol import entra
from scim_sync.protocol.attributes import USER, Attribute, ResourceKind
from scim_sync.protocol.errors import InvalidValue, shown
from scim_sync.protocol.storage import Columns

_DESCENDING: Final = {"ascending": False, "descending": True}


def order_by(
    sort_by: str | None, sort_order: str | None, columns: Columns, *, kind: ResourceKind = USER
) -> list[Any]:
    """What to order a queryset by, from a query string or a JSON body; None and "" mean the default.

    A sort ends with the default order, so that pages are the same every time. The RFC says nothing of a
    sortBy that names no attribute: a list in another order than asked for would look right, so it is refused.
    Raises InvalidValue.
    """
    descending = is_descending(sort_order)
    if not sort_by:
        return list(columns.default_order)
    return [in_order(sort_key(sort_by, columns, kind), descending=descending), *columns.default_order]


def sort_key(sort_by: str, columns: Columns, kind: ResourceKind, others: Sequence[ResourceKind] = ()) -> Any:
    """An expression to sort by; NULL for what only ``others`` have, the types that are listed with it.

    Raises InvalidValue when none has the attribute, or it is complex.
    """
    attribute = _attribute(sort_by, (kind, *others))
    return columns.sort_key(attribute) if kind.has(attribute) else Value(None, output_field=TextField())


def in_order(key: Any, *, descending: bool) -> OrderBy:
    """What has no value comes last, and first if ``descending`` (RFC 7644 §3.4.2.3)."""
    return OrderBy(
        key, descending=descending, nulls_first=descending or None, nulls_last=not descending or None
    )


def is_descending(sort_order: str | None) -> bool:
    """Read sortOrder, in any letter case. Raises InvalidValue."""
    if not sort_order:
        return False
    descending = _DESCENDING.get(sort_order.lower())
    if descending is None:
        raise InvalidValue(f"sortOrder: {shown(sort_order)} is neither ascending nor descending")
    return descending


def _attribute(sort_by: str, kinds: Sequence[ResourceKind]) -> Attribute:
    located = (entra.locate(kind, sort_by) for kind in kinds)
    attribute = next((found for found in located if found is not None), None)
    if attribute is None or attribute.write_only:
        raise InvalidValue(f"sortBy: {kinds[0].name} has no attribute {shown(sort_by)} to sort by")
    if attribute.complex:
        value = attribute.sub("value")
        if value is None:
            raise InvalidValue(f"sortBy: {attribute.path} is complex; name one of its sub-attributes")
        return value
    return attribute
