"""Where people and groups come from: as a filter above their lists, and as a word in a file."""

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from printmgmt.console.shell.extensions import extensions
from printmgmt.console.shell.filters import Filter, choose
from printmgmt.people.models import CONSOLE


def choose_source(query: QueryDict) -> Filter:
    """The filter by source as ``query`` (``request.GET``) sets it."""
    sources = [(CONSOLE, _("Console")), *((name, source.label) for name, source in extensions.sources())]
    return choose("source", _("Source"), _("Every source"), sources, query)


def of_source(value: str) -> Q:
    """The rows whose ``source`` is what `choose_source` says; all of them where it says nothing."""
    if value in ("", CONSOLE):
        return Q(source=CONSOLE) if value else Q()
    return Q(source__startswith=f"{value}:")


def source_words(source: str) -> str:
    """Who owns a row, as a file says it: an add-on's own name for itself, else the stored source."""
    known = extensions.source(source)
    return str(known.label) if known else source
