"""Search, selects and days above a list: what can be chosen, what is (`console/shell/_filters.html`)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.views.generic.base import ContextMixin

from printmgmt.console.shell.mixins import OrganizationMixin
from printmgmt.console.shell.navigation import Text
from printmgmt.console.shell.parameters import day_of, text_of


@dataclass(frozen=True, slots=True)
class Filter:
    """One select: the URL parameter ``name``, its options (the first one means "all"), the chosen value.

    Without options it is a day, ``value`` such as 2026-11-23.
    """

    name: str
    label: Text
    options: tuple[tuple[str, Text], ...] = ()
    value: str = ""


def choose(
    name: str, label: Text, everything: Text, choices: Iterable[tuple[str, Text]], query: QueryDict
) -> Filter:
    """Return the filter as ``query`` (``request.GET``) sets it; a value that is not offered means all."""
    options = (("", everything), *choices)
    asked = query.get(name, "")
    return Filter(name, label, options, asked if asked in {value for value, _label in options} else "")


def choose_day(name: str, label: Text, query: QueryDict) -> Filter:
    """Return the filter for a day as ``query`` sets it; what is no day means any."""
    day = day_of(query, name)
    return Filter(name, label, value=day.isoformat() if day else "")


class FilteredMixin(ContextMixin, OrganizationMixin):
    """A list with ``search`` and ``filters`` in its URL; ``filtered`` says whether either narrows it."""

    @property
    def search(self) -> str:
        """The text searched for."""
        return text_of(self.request.GET, "q")

    @property
    def filters(self) -> list[Filter]:
        """The selects of this list."""
        raise NotImplementedError("Subclasses must implement filters")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        search, filters = self.search, self.filters
        filtered = bool(search) or any(chosen.value for chosen in filters)
        return super().get_context_data(**kwargs, search=search, filters=filters, filtered=filtered)
