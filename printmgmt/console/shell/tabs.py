"""A list in tabs: one of its selects shown as a row of links, each with how many rows it has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.utils.functional import cached_property

from printmgmt.console.shell.filters import Filter
from printmgmt.console.shell.lists import ListPage, Row
from printmgmt.console.shell.navigation import Text


@dataclass(frozen=True)
class Tab:
    """One tab: the value of the select that it stands for (empty: every row), and how many rows it has."""

    value: str
    label: Text
    number: int
    is_current: bool
    url: str


class TabbedList(ListPage[Row]):
    """A list whose select ``tabs_by`` is its tabs. The select's name is the field it compares.

    The numbers are those of rows that search and the other filters let through: one statement for all tabs,
    which also says how many pages there are.
    """

    tabs_by: ClassVar[str]

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """How many rows there are of each value, whichever tab is open."""
        rows = self.rows()
        for declared in self.filters:
            if declared.name != self.tabs_by:
                rows = declared.apply(rows, self.value_of(declared.name))
        found = self.find(rows, self.search) if self.search else rows
        counted = found.order_by().values_list(self.tabs_by).annotate(number=Count("pk"))
        return dict(counted)

    @property
    def tabs(self) -> Sequence[Tab]:
        """Every tab, the one for all rows first."""
        select = self.chosen[self.tabs_by]
        return [
            Tab(value, label, self._number(value), value == select.value, self._url(value))
            for value, label in select.options
        ]

    def _url(self, value: str) -> str:
        """This list in another tab, from its first page."""
        query = self.request.GET.copy()
        for name in (self.page_kwarg, self.tabs_by):
            query.pop(name, None)
        if value:
            query[self.tabs_by] = value
        return f"{self.request.path}?{query.urlencode()}" if query else self.request.path

    def _number(self, value: str) -> int:
        return self.numbers.get(value, 0) if value else sum(self.numbers.values())

    def get_paginator(self, queryset: QuerySet[Row], per_page: int, **kwargs: Any) -> Paginator[Row]:  # type: ignore[override]
        paginator: Any = super().get_paginator(queryset, per_page, **kwargs)
        paginator.count = self._number(self.value_of(self.tabs_by))  # known already: asks no query of its own
        return paginator  # type: ignore[no-any-return]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        selects: list[Filter] = [each for each in context["filters"] if each.name != self.tabs_by]
        return {**context, "filters": selects, "tabs": self.tabs, "tab": self.chosen[self.tabs_by]}
