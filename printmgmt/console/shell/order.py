"""By what a list can be sorted, and in which order its rows are then."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from printmgmt.console.shell.navigation import Text

A_TO_Z = _("%(column)s: A to Z"), _("%(column)s: Z to A")
OLDEST_FIRST = _("%(column)s: oldest first"), _("%(column)s: newest first")
LOWEST_FIRST = _("%(column)s: lowest first"), _("%(column)s: highest first")
"""What the two orders are called, ascending first."""


@dataclass(frozen=True)
class Sort:
    """A list can be sorted by ``field``: ``?sort=<name>`` ascending, ``?sort=-<name>`` descending.

    The field is called ``name``, too, unless it is given. ``label`` says by what the list is sorted, where
    the heading of the column does not. A system check (`list_checks`) wants an index of organization (or
    installation), field and id, and a field that is never NULL.
    """

    name: str
    field: str = ""
    label: Text = ""

    @property
    def column(self) -> str:
        """The field that is sorted by."""
        return self.field or self.name


@dataclass(frozen=True)
class Order:
    """Rows sorted one way. Equal ones stand in the order of their ids, so that pages never overlap."""

    sort: Sort
    descending: bool = False

    @property
    def value(self) -> str:
        """The value of ``sort`` in the address."""
        return f"-{self.sort.name}" if self.descending else self.sort.name

    @property
    def aria(self) -> str:
        """The value of ``aria-sort``."""
        return "descending" if self.descending else "ascending"

    @property
    def fields(self) -> tuple[str, str]:
        """What `QuerySet.order_by` is given."""
        sign = "-" if self.descending else ""
        return f"{sign}{self.sort.column}", f"{sign}pk"

    def words(self, model: type[models.Model], heading: Text) -> str:
        """What the order is called, for instance *Since: newest first*."""
        field = model._meta.get_field(self.sort.column)
        called = A_TO_Z if is_text(field) else OLDEST_FIRST if is_moment(field) else LOWEST_FIRST
        return str(called[self.descending]) % {"column": self.sort.label or heading}


def both_orders(sort: Sort, model: type[models.Model]) -> tuple[Order, Order]:
    """The order that a click on the heading asks for first, and the other one.

    First are texts from A, the newest moments, the highest numbers.
    """
    descending = not is_text(model._meta.get_field(sort.column))
    return Order(sort, descending), Order(sort, not descending)


def is_text(field: Any) -> bool:
    """Whether the field holds text."""
    return isinstance(field, models.CharField | models.TextField)


def is_moment(field: Any) -> bool:
    """Whether the field holds days or moments."""
    return isinstance(field, models.DateField)
