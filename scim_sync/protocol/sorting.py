"""sortBy and sortOrder of a list (RFC 7644 §3.4.2.3)."""

from typing import Any, Final

from scim_sync.protocol import entra
from scim_sync.protocol.attributes import USER, ResourceKind
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
    descending = _is_descending(sort_order)
    if sort_by is None or sort_by == "":
        return list(columns.default_order)
    attribute = entra.locate(kind, sort_by) if isinstance(sort_by, str) else None
    if attribute is None or attribute.write_only:
        raise InvalidValue(f"sortBy: {kind.name} has no attribute {shown(sort_by)} to sort by")
    if attribute.complex:
        value = attribute.sub("value")
        if value is None:
            raise InvalidValue(f"sortBy: {attribute.path} is complex; name one of its sub-attributes")
        attribute = value
    return [columns.sorted_by(attribute, descending=descending), *columns.default_order]


def _is_descending(sort_order: str | None) -> bool:
    if sort_order is None or sort_order == "":
        return False
    descending = _DESCENDING.get(sort_order.lower()) if isinstance(sort_order, str) else None
    if descending is None:
        raise InvalidValue(f"sortOrder: {shown(sort_order)} is neither ascending nor descending")
    return descending
