"""What filters and sorting ask of whoever keeps the resources: Django's Q, and nothing of models."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from django.db.models import Q
from scim2_models.path import CompareOperator

from scim_sync.protocol.attributes import Attribute

Operand = str | bool | datetime


class Single(Protocol):
    """An attribute with one value, or none, where the condition it is asked for will stand."""

    def compare(self, operator: CompareOperator, operand: Operand) -> Q:
        """Whether the value is there and compares so. Never `ne`; text comes as it is compared with.

        Text that is not caseExact comes through the key function, and is to be compared with text that went
        through it too; a moment has a time zone.
        """

    def present(self) -> Q:
        """Whether there is a value."""


Element = Callable[[str], Single]
"""One element of a list: the name of a sub-attribute → its value; `value` is the element of a plain list."""


class Many(Protocol):
    """A multi-valued attribute."""

    def any(self, condition: Callable[[Element], Q]) -> Q:
        """Whether there is an element of which the condition holds."""

    def holding(self, values: Mapping[str, str]) -> Q:
        """Whether an element has all of these texts: what `any` would say, by an index if it can."""


class Columns(Protocol):
    """Where the attributes of a resource type are."""

    @property
    def default_order(self) -> Sequence[str]:
        """The order of lists, and of what a sort leaves equal."""

    def single(self, attribute: Attribute) -> Single:
        """A single-valued attribute, or sub-attribute of one."""

    def many(self, attribute: Attribute) -> Many:
        """A multi-valued attribute."""

    def negation(self, condition: Q) -> Q:
        """Whether the condition does not hold; a comparison with nothing does not."""

    def sort_key(self, attribute: Attribute) -> Any:
        """What to order by, NULL without a value. Of a list the primary one counts, or else the first."""
