"""The interface that filters and sorting need from the storage: Django's Q, but no models."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from django.db.models import Q
from scim2_models.path import CompareOperator

from scim_sync.protocol.attributes import Attribute

Operand = str | bool | datetime


class Single(Protocol):
    """A single-valued attribute in the query in which its conditions will be used."""

    def compare(self, operator: CompareOperator, operand: Operand) -> Q:
        """Return the condition that there is a value and the comparison is true. `operator` is never `ne`.

        If the attribute is not caseExact, the operand is a comparison key, to be compared with keys. A
        datetime is aware.
        """

    def present(self) -> Q:
        """Return the condition that there is a value."""


Element = Callable[[str], Single]
"""One element of a list: name of a sub-attribute → value. In a list of texts, `value` is the element."""


class Many(Protocol):
    """A multi-valued attribute."""

    def any(self, condition: Callable[[Element], Q]) -> Q:
        """Return the condition that one element matches."""

    def holding(self, values: Mapping[str, str]) -> Q:
        """Return the condition that one element has all these texts; like `any`, but may use an index."""


class Columns(Protocol):
    """The stored attributes of a resource type."""

    @property
    def default_order(self) -> Sequence[str]:
        """The default order of lists, also used after a sort."""

    def single(self, attribute: Attribute) -> Single:
        """Return a single-valued attribute, or a sub-attribute of one."""

    def many(self, attribute: Attribute) -> Many:
        """A multi-valued attribute."""

    def negation(self, condition: Q) -> Q:
        """Return the negation of the condition, true also where a comparison is with NULL."""

    def sort_key(self, attribute: Attribute) -> Any:
        """Return what to order by, NULL without a value. For a list: the primary element or the first."""
