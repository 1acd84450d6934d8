"""Attributes that a resource type does not have. In a search over several types, they have no value.

RFC 7644 §3.4.2.1: a filter over the server's root treats them as absent.
"""

from collections.abc import Callable, Mapping
from typing import Final

from django.db.models import Q, Value
from scim2_models.path import CompareOperator

from scim_sync.protocol.storage import Element, Operand

NEVER: Final = Q(Value(False))


class Absent:
    """A single-valued attribute without a value."""

    def compare(self, operator: CompareOperator, operand: Operand) -> Q:
        return NEVER

    def present(self) -> Q:
        return NEVER


class Empty:
    """A list without elements."""

    def any(self, condition: Callable[[Element], Q]) -> Q:
        condition(lambda name: Absent())  # raises if the attributes cannot be compared, as for other lists
        return NEVER

    def holding(self, values: Mapping[str, str]) -> Q:
        return NEVER
