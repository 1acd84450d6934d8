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
    """Return what to order a queryset by, from a query string or a JSON body. None and "" mean the default.

    The default order comes last, so that pages are stable. Raises InvalidValue, also for a sortBy that names
    no attribute: the RFC does not define this case, and a list in another order would look correct.
    """
    descending = is_descending(sort_order)
    if not sort_by:
        return list(columns.default_order)
    return [in_order(sort_key(sort_by, columns, kind), descending=descending), *columns.default_order]


def sort_key(sort_by: str, columns: Columns, kind: ResourceKind, others: Sequence[ResourceKind] = ()) -> Any:
    """Return an expression to sort by; NULL for attributes that only ``others`` (types in the list) have.

    Raises InvalidValue if no type has the attribute, or if it is complex.
    """
    attribute = _attribute(sort_by, (kind, *others))
    return columns.sort_key(attribute) if kind.has(attribute) else Value(None, output_field=TextField())


def in_order(key: Any, *, descending: bool) -> OrderBy:
    """Sort by ``key``: resources without a value last, or first if ``descending`` (RFC 7644 §3.4.2.3)."""
    return OrderBy(
        key, descending=descending, nulls_first=descending or None, nulls_last=not descending or None
    )


def is_descending(sort_order: str | None) -> bool:
    """Whether sortOrder, ignoring case, is descending. Raises InvalidValue."""
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
