"""The rows of a list that only grows, for its file: in turns; each goes on where the last one ended."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from django.db.models import Model, QuerySet

from printmgmt.console.shell.positions import Position

Row = TypeVar("Row", bound=Model)

TURN: Final = 5_000
"""Rows that a statement reads."""


@dataclass(frozen=True)
class InTurns(Generic[Row]):
    """``rows`` newest first, by the field ``moment`` and the id, or by the id alone.

    The first rows are there at once. One cursor for all would not do: outside of a transaction PostgreSQL
    computes a million rows before it hands out the first, and a transaction would stay open as long as the
    download.

    Not for rows by what may change between two turns, such as people by name: someone who is renamed during
    the download would be missing, or there twice. One cursor is one moment.
    """

    rows: QuerySet[Row]
    moment: str = ""

    def iterator(self, chunk_size: int) -> Iterator[Row]:
        """All rows, ``TURN`` of them with each statement, ``chunk_size`` in memory."""
        rest, number = self.rows.order_by(*self._order), TURN
        while number == TURN:
            number = 0
            for row in rest[:TURN].iterator(chunk_size):
                yield row
                number, last = number + 1, row
            if number == TURN:
                rest = self._older(last).order_by(*self._order)

    @property
    def _order(self) -> list[str]:
        return [f"-{self.moment}", "-pk"] if self.moment else ["-pk"]

    def _older(self, last: Row) -> QuerySet[Row]:
        if not self.moment:
            return self.rows.filter(pk__lt=last.pk)
        return self.rows.filter(*Position(getattr(last, self.moment), last.pk).older(self.moment))
