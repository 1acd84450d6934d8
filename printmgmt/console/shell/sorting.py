"""A list whose headings sort it: ``?sort=`` in the address, for the page and for the file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from printmgmt.console.shell.columns import Column
from printmgmt.console.shell.navigation import Text
from printmgmt.console.shell.order import Order, Sort, both_orders

SORT = "sort"
"""The parameter that names the order."""


@dataclass(frozen=True)
class SortLink:
    """A link that sorts: ``value`` is what the address says then, None for the list's own order.

    ``aria`` is the order now: ``ascending`` or ``descending``, empty where the list is not sorted by this.
    """

    name: str
    label: Text
    value: str | None
    aria: str


@dataclass(frozen=True)
class Heading:
    """The heading of a column, and the links in it."""

    column: Column[Any]
    links: Sequence[SortLink]

    @property
    def aria(self) -> str:
        """The value of ``aria-sort``; empty where the list is not sorted by this column."""
        return next((link.aria for link in self.links if link.aria), "")


class Sorting:
    """The orders that a list's columns offer, its own one, and the one in the address.

    ``rows`` returns the list's rows in its own order, and is asked only where a column sorts. A value of
    ``sort`` that is not offered leaves that order.
    """

    def __init__(
        self, columns: Sequence[Column[Any]], rows: Callable[[], QuerySet[Any]], query: QueryDict
    ) -> None:
        self._columns = columns
        self._sorts = [(sort, column.heading) for column in columns for sort in column.sorts]
        self._orders = {
            order.value: order for sort, _heading in self._sorts for order in (Order(sort), Order(sort, True))
        }
        own: Order | None = None
        if self._sorts:
            listed = rows()
            self._model = listed.model
            first = next(iter(listed.query.order_by), "")
            own = next((order for order in self._orders.values() if order.fields[0] == first), None)
        chosen = self._orders.get(query.get(SORT, "")) if self._sorts else None
        self._own = own
        self._chosen = None if chosen == own else chosen

    @property
    def value(self) -> str:
        """What the address says; empty for the list's own order."""
        return self._chosen.value if self._chosen else ""

    def apply(self, rows: Any) -> Any:
        """Return rows, which are in the list's own order, in the one that the address asks for."""
        return rows.order_by(*self._chosen.fields) if self._chosen else rows

    @property
    def headings(self) -> list[Heading]:
        """The headings of the table."""
        return [
            Heading(column, [self._link(sort, column.heading) for sort in column.sorts])
            for column in self._columns
        ]

    @property
    def options(self) -> list[tuple[str, str]]:
        """Every order as an option of a select: its value in the address, and its words."""
        own = [] if self._own or not self._sorts else [("", _("Default order"))]
        return own + [
            (self._in_address(order) or "", order.words(self._model, heading))
            for sort, heading in self._sorts
            for order in both_orders(sort, self._model)
        ]

    def _link(self, sort: Sort, heading: Text) -> SortLink:
        now = self._chosen or self._own
        first, other = both_orders(sort, self._model)
        is_now = now is not None and now.sort == sort
        return SortLink(
            sort.name,
            sort.label or heading,
            self._in_address(other if now == first else first),
            now.aria if now and is_now else "",
        )

    def _in_address(self, order: Order) -> str | None:
        return None if order == self._own else order.value
