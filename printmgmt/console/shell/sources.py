"""Where people and groups come from: as a filter above their lists, as a column, and as a word in a file."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from operator import attrgetter
from types import MappingProxyType
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.views import View

from printmgmt.console.shell.columns import Column
from printmgmt.console.shell.extensions import Source, extensions
from printmgmt.console.shell.filters import Select
from printmgmt.console.shell.navigation import Text
from printmgmt.people.models import CONSOLE

Names = Mapping[str, str]
"""Names for sources of one organization that are called the same: stored source → name."""

NO_NAMES: Names = MappingProxyType({})


def names_of(request: HttpRequest | None) -> Names:
    """The names of the sources of the request's organization; read once a request."""
    organization = getattr(request, "organization", None)
    if request is None or organization is None:
        return NO_NAMES
    if "source_names" not in request.__dict__:
        request.__dict__["source_names"] = extensions.source_names(organization)
    found: Names = request.__dict__["source_names"]
    return found


def _choices(view: View) -> Iterator[tuple[str, Text]]:
    yield CONSOLE, _("Added manually")
    for prefix, source in extensions.sources():
        yield prefix, source.label
    names = names_of(view.request)
    for stored in names:
        yield stored, source_words(stored, names)


def of_source(value: str) -> Q:
    """The rows whose ``source`` is what `SOURCE_FILTER` says; all of them where it says nothing."""
    if value == "":
        return Q()
    return Q(source=value) if value == CONSOLE or ":" in value else Q(source__startswith=f"{value}:")


def known_source(source: str, names: Names = NO_NAMES) -> Source | None:
    """What to call a stored ``source``: ``Entra`` or ``Entra, Lyon``; None for the console and for others."""
    known = extensions.source(source)
    name = names.get(source)
    return replace(known, label=f"{known.label}, {name}") if known and name else known


def source_words(source: str, names: Names = NO_NAMES) -> str:
    """Who owns a row, as a file says it: an add-on's own name for itself, else the stored source."""
    known = known_source(source, names)
    return str(known.label) if known else source


SOURCE_FILTER = Select(
    "source", _("Source"), _("All sources"), _choices, lambda rows, value: rows.filter(of_source(value))
)


def _words_on(request: HttpRequest) -> Callable[[Any], object]:
    return lambda row: source_words(row.source, names_of(request))


SOURCE: Column[Any] = Column(
    _("Source"),
    lambda row: source_words(row.source),
    value_on=_words_on,
    template="console/shell/_source.html",
    context={"source": attrgetter("source")},
)
