"""What a list says of each of its rows: in a cell of the page, and in a file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.http import HttpRequest

from printmgmt.console.shell.navigation import Text
from printmgmt.console.shell.order import Sort
from printmgmt.console.shell.statuses import Statuses
from printmgmt.organizations.roles import EVERYONE, Role
from printmgmt.people.models import PrintUser

Row = TypeVar("Row")


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column: its heading, and what a row says in it (text, number, aware datetime, None for nothing).

    A page shows that value as text, unless there is a ``template``: a partial, with ``context``, what it is
    given by name, each read off the row. In a list's first column it is given ``url``, too: the row's page.
    A column with a template and without ``value`` is not in a file.
    ``value_on`` is for a file whose words depend on whose page it is: the value, for a request.
    ``classes`` are CSS classes of heading and cells, ``roles`` those who may see the column, also in a file.
    ``sorts`` is by what its heading sorts the list.
    """

    heading: Text
    value: Callable[[Row], object] | None = None
    value_on: Callable[[HttpRequest], Callable[[Row], object]] | None = None
    template: str = ""
    context: Mapping[str, Callable[[Row], object]] = field(default_factory=dict)
    classes: str = ""
    roles: frozenset[Role] = EVERYONE
    sorts: Sequence[Sort] = ()

    def __post_init__(self) -> None:
        if self.value is None and not self.template:
            raise TypeError(f"The column “{self.heading}” needs a value or a template.")

    def of(self, request: HttpRequest) -> "Column[Row]":
        """The column for a file that ``request`` asks for."""
        return replace(self, value=self.value_on(request)) if self.value_on else self

    def read(self, row: Row) -> object:
        """What the row says; None where only the template knows."""
        return self.value(row) if self.value else None


def moment(heading: Text, at: Callable[[Row], datetime | None], *, sorts: Sequence[Sort] = ()) -> Column[Row]:
    """A column of moments: how long ago on the page, date and time in a file."""
    return Column(heading, at, template="console/shell/_time.html", context={"at": at}, sorts=sorts)


def number(heading: Text, count: Callable[[Row], Any], *, sorts: Sequence[Sort] = ()) -> Column[Row]:
    """A column of whole numbers."""
    return Column(heading, count, classes="tabular", sorts=sorts)


def person(
    heading: Text, who: Callable[[Row], PrintUser | None], *, sorts: Sequence[Sort] = ()
) -> Column[Row]:
    """A column of people: avatar and names on the page, the user name in a file.

    Linked to the row's page in the first column of a list whose rows have one, else to the person's. A list
    that reads the person off its rows asks for them with ``select_related``.
    """
    return Column(
        heading,
        lambda row: found.user_name if (found := who(row)) else None,
        template="console/shell/_person_cell.html",
        context={"person": who},
        sorts=sorts,
    )


def status(
    heading: Text, state: Callable[[Row], Any], statuses: Statuses, *, sorts: Sequence[Sort] = ()
) -> Column[Row]:
    """A column of states: a colored dot and the word on the page, the word in a file."""
    return Column(
        heading,
        lambda row: statuses.of(state(row)).label,
        template="console/shell/_status_cell.html",
        context={"status": lambda row: statuses.of(state(row))},
        classes="column-state",
        sorts=sorts,
    )
