"""Selects above a list: what can be chosen and what is chosen (template `console/_filters.html`)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict

from printmgmt.console.navigation import Text


@dataclass(frozen=True, slots=True)
class Filter:
    """One select: the URL parameter ``name``, its options (the first one means "all"), the chosen value."""

    name: str
    label: Text
    options: tuple[tuple[str, Text], ...]
    value: str = ""


def choose(
    name: str, label: Text, everything: Text, choices: Iterable[tuple[str, Text]], query: QueryDict
) -> Filter:
    """Return the filter as ``query`` (``request.GET``) sets it; a value that is not offered means all."""
    options = (("", everything), *choices)
    asked = query.get(name, "")
    return Filter(name, label, options, asked if asked in {value for value, _label in options} else "")
