"""Search, selects and days above a list: declared by its view, shown by `console/shell/_filters.html`."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic.base import ContextMixin

from printmgmt.console.shell.mixins import OrganizationMixin
from printmgmt.console.shell.navigation import Text
from printmgmt.console.shell.parameters import day_of, midnight, text_of

Choices = Iterable[tuple[str, Text]]


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter as the URL sets it: parameter ``name``, options (the first one means "all"), value.

    Without options it is a day, ``value`` such as 2026-11-23.
    """

    name: str
    label: Text
    options: tuple[tuple[str, Text], ...] = ()
    value: str = ""


@dataclass(frozen=True)
class Select:
    """A select above a list: its URL parameter, its label, what the option that means "all" is called.

    ``choices`` are pairs of value and label, or a function of the view that returns them. Rows are those
    whose field ``name`` has the value chosen, unless ``narrow(rows, value)`` says it otherwise; while none is
    chosen they are all rows, or what ``otherwise(rows)`` leaves of them.
    """

    name: str
    label: Text
    everything: Text
    choices: Choices | Callable[[Any], Choices]
    narrow: Callable[[Any, str], Any] | None = None
    otherwise: Callable[[Any], Any] | None = None
    only_when_chosen: bool = False
    """Whether the select is shown only where a link has chosen one of its values."""

    def read(self, query: QueryDict, view: object = None) -> Filter:
        """Return the filter as ``query`` (``request.GET``) sets it; a value that is not offered means all."""
        choices = self.choices(view) if callable(self.choices) else self.choices
        options = (("", self.everything), *choices)
        value = query.get(self.name, "")
        return Filter(self.name, self.label, options, value if value in dict(options) else "")

    def apply(self, rows: Any, value: str) -> Any:
        """Return the rows that the value lets through."""
        if not value:
            return self.otherwise(rows) if self.otherwise else rows
        return self.narrow(rows, value) if self.narrow else rows.filter(**{self.name: value})


@dataclass(frozen=True)
class Day:
    """A day above a list: rows whose ``lookup`` holds for its midnight, or that of the day ``days`` later."""

    name: str
    label: Text
    lookup: str
    days: int = 0
    otherwise = None
    only_when_chosen = False

    def read(self, query: QueryDict, view: object = None) -> Filter:
        """Return the filter as ``query`` sets it; what is no day means any."""
        day = day_of(query, self.name)
        return Filter(self.name, self.label, value=day.isoformat() if day else "")

    def apply(self, rows: Any, value: str) -> Any:
        """Return the rows that the value lets through."""
        if not value:
            return rows
        return rows.filter(**{self.lookup: midnight(date.fromisoformat(value), days=self.days)})


def between(field: str) -> tuple[Day, Day]:
    """Two filters for a moment: from the beginning of one day to the end of another."""
    return Day("since", _("From"), f"{field}__gte"), Day("until", _("To"), f"{field}__lt", days=1)


class FilteredMixin(ContextMixin, OrganizationMixin):
    """A page with a search and ``filters`` in its URL; ``filtered`` says whether either narrows it."""

    filters: Sequence[Select | Day] = ()

    @property
    def search(self) -> str:
        """The text searched for."""
        return text_of(self.request.GET, "q")

    @cached_property
    def chosen(self) -> dict[str, Filter]:
        """Each filter by its name, as the URL sets it."""
        return {declared.name: declared.read(self.request.GET, self) for declared in self.filters}

    def value_of(self, name: str) -> str:
        """The value chosen in a filter; empty for none."""
        return self.chosen[name].value

    def narrowed(self, rows: Any) -> Any:
        """Return the rows that every filter lets through."""
        for declared in self.filters:
            rows = declared.apply(rows, self.value_of(declared.name))
        return rows

    @property
    def is_filtered(self) -> bool:
        """Whether the search or a filter narrows the list."""
        return bool(self.search) or any(chosen.value for chosen in self.chosen.values())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = [
            self.chosen[declared.name]
            for declared in self.filters
            if not declared.only_when_chosen or self.value_of(declared.name)
        ]
        return super().get_context_data(
            **kwargs, search=self.search, filters=shown, filtered=self.is_filtered
        )
