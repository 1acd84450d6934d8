"""Pages of a list that is read by a moment: by position, not by number or id."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import QueryDict

from printmgmt.console.shell.keyset import KeysetPage
from printmgmt.console.shell.parameters import number_in

Row = TypeVar("Row", bound=Model)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Position:
    """Position of a row in a list: its moment and its id, together unique."""

    at: datetime
    pk: int

    @classmethod
    def parse(cls, text: str) -> "Position | None":
        """Read a position written as ``<microseconds>-<id>``; None if it is not one."""
        at, _dash, pk = text.partition("-")
        microseconds, number = number_in(at), number_in(pk)
        if microseconds is None or number is None:
            return None
        try:
            return cls(EPOCH + timedelta(microseconds=microseconds), number)
        except OverflowError:
            return None

    def __str__(self) -> str:
        return f"{(self.at - EPOCH) // timedelta(microseconds=1)}-{self.pk}"

    def newer(self, moment: str) -> tuple[Q, Q]:
        """Two conditions for the rows before this one in the list; ``moment`` is the field it is read by.

        Written so that the index can be entered at the position: an OR alone would be a filter on all rows.
        """
        return Q(**{f"{moment}__gte": self.at}), Q(**{f"{moment}__gt": self.at}) | Q(pk__gt=self.pk)

    def older(self, moment: str) -> tuple[Q, Q]:
        """The same for the rows behind it."""
        return Q(**{f"{moment}__lte": self.at}), Q(**{f"{moment}__lt": self.at}) | Q(pk__lt=self.pk)


def positions_in(query: QueryDict) -> tuple[Position | None, Position | None]:
    """Return what ``before`` and ``after`` in the URL name; None for what is no position."""
    return Position.parse(query.get("before", "")), Position.parse(query.get("after", ""))


def page_by_moment(
    rows: QuerySet[Row], query: QueryDict, *, moment: str, size: int, oldest_first: bool = False
) -> KeysetPage[Row]:
    """Return the page that ``before`` or ``after`` in the URL names, else the first; two queries at most.

    The first page has the newest rows, or with ``oldest_first`` the oldest ones, and each is in that order.
    """

    def position(row: Row) -> Position:
        return Position(getattr(row, moment), row.pk)

    ascending, descending = (moment, "pk"), (f"-{moment}", "-pk")
    before, after = positions_in(query)
    # The way on through the list, and the way to the page before it.
    onward, backward = (after, before) if oldest_first else (before, after)
    if backward is not None:
        nearer = backward.older(moment) if oldest_first else backward.newer(moment)
        found = list(rows.filter(*nearer).order_by(*(descending if oldest_first else ascending))[: size + 1])
        more, shown = len(found) > size, found[:size][::-1]
        if shown:
            return _page(shown, position, first=not more, last=False, oldest_first=oldest_first)
        onward = None
    if onward is not None:
        rows = rows.filter(*(onward.newer(moment) if oldest_first else onward.older(moment)))
    found = list(rows.order_by(*(ascending if oldest_first else descending))[: size + 1])
    more, shown = len(found) > size, found[:size]
    return _page(shown, position, first=onward is None, last=not more, oldest_first=oldest_first)


def _page(
    shown: list[Row], position: Callable[[Row], Position], *, first: bool, last: bool, oldest_first: bool
) -> KeysetPage[Row]:
    """A page with the ways from it: none back from the ``first``, none on from the ``last``."""
    back = position(shown[0]) if shown and not first else None
    on = position(shown[-1]) if shown and not last else None
    return KeysetPage(shown, on, back) if oldest_first else KeysetPage(shown, back, on)
