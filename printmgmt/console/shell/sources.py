"""Where people and groups come from: as a filter above their lists, as a column, and as a word in a file."""

from collections.abc import Iterator
from operator import attrgetter
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from printmgmt.console.shell.columns import Column
from printmgmt.console.shell.extensions import extensions
from printmgmt.console.shell.filters import Select
from printmgmt.console.shell.navigation import Text
from printmgmt.people.models import CONSOLE


def _choices(_view: object) -> Iterator[tuple[str, Text]]:
    yield CONSOLE, _("Console")
    for name, source in extensions.sources():
        yield name, source.label


def of_source(value: str) -> Q:
    """The rows whose ``source`` is what `SOURCE_FILTER` says; all of them where it says nothing."""
    if value in ("", CONSOLE):
        return Q(source=CONSOLE) if value else Q()
    return Q(source__startswith=f"{value}:")


def source_words(source: str) -> str:
    """Who owns a row, as a file says it: an add-on's own name for itself, else the stored source."""
    known = extensions.source(source)
    return str(known.label) if known else source


SOURCE_FILTER = Select(
    "source", _("Source"), _("Every source"), _choices, lambda rows, value: rows.filter(of_source(value))
)

SOURCE: Column[Any] = Column(
    _("Source"),
    lambda row: source_words(row.source),
    template="console/shell/_source.html",
    context={"source": attrgetter("source")},
)
