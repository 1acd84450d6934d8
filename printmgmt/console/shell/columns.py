"""What a list says of each of its rows: in a cell of the page, and in a file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.http import HttpRequest

from printmgmt.console.shell.navigation import Text
from printmgmt.organizations.roles import EVERYONE, Role

Row = TypeVar("Row")


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column: its heading, and what a row says in it (text, number, aware datetime, None for nothing).

    A page shows that value as text, unless there is a ``template``: a partial, with ``context``, what it is
    given by name, each read off the row. In a list's first column it is given ``url``, too: the row's page.
    ``value_on`` is for a file whose words depend on whose page it is: the value, for a request.
    ``classes`` are CSS classes of heading and cells, ``roles`` those who may see the column, also in a file.
    """

    heading: Text
    value: Callable[[Row], object] = str
    value_on: Callable[[HttpRequest], Callable[[Row], object]] | None = None
    template: str = ""
    context: Mapping[str, Callable[[Row], object]] = field(default_factory=dict)
    classes: str = ""
    roles: frozenset[Role] = EVERYONE

    def of(self, request: HttpRequest) -> "Column[Row]":
        """The column for a file that ``request`` asks for."""
        return replace(self, value=self.value_on(request)) if self.value_on else self


def moment(heading: Text, at: Callable[[Row], datetime | None]) -> Column[Row]:
    """A column of moments: how long ago on the page, date and time in a file."""
    return Column(heading, at, template="console/shell/_time.html", context={"at": at})


def number(heading: Text, count: Callable[[Row], Any]) -> Column[Row]:
    """A column of whole numbers."""
    return Column(heading, count, classes="tabular")
