"""Pages of a list that only grows: by id, without counting it or reading past what was left behind."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import QueryDict

from printmgmt.console.shell.parameters import number_of

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class KeysetPage(Generic[Row]):
    """Rows, newest first, and the ids with which the neighbouring pages are asked for (None: no such page).

    The template `console/shell/_keyset.html` shows the links.
    """

    rows: list[Row]
    newer: Any = None
    older: Any = None


def keyset_page(rows: QuerySet[Row], query: QueryDict, *, size: int) -> KeysetPage[Row]:
    """Return the page that ``before=<id>`` or ``after=<id>`` in the URL asks for, else the newest."""
    before, after = number_of(query, "before"), number_of(query, "after")
    if after is not None:
        found = list(rows.filter(pk__gt=after).order_by("pk")[: size + 1])
        more, shown = len(found) > size, found[:size][::-1]
        return KeysetPage(shown, newer=shown[0].pk if more else None, older=shown[-1].pk if shown else None)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: size + 1])
    more, shown = len(found) > size, found[:size]
    return KeysetPage(
        shown,
        newer=shown[0].pk if shown and before is not None else None,
        older=shown[-1].pk if more else None,
    )
