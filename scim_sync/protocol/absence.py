"""Attributes a resource type does not have: where several are asked at once, they have no value there.

RFC 7644 §3.4.2.1: a filter over the server's root is processed as if they were absent.
"""

from collections.abc import Callable, Mapping
from typing import Final

from django.db.models import Q, Value
from scim2_models.path import CompareOperator

from scim_sync.protocol.storage import Element, Operand

NEVER: Final = Q(Value(False))


class Absent:
    """A single attribute nobody has."""

    def compare(self, operator: CompareOperator, operand: Operand) -> Q:
        return NEVER

    def present(self) -> Q:
        return NEVER


class Empty:
    """A list without elements."""

    def any(self, condition: Callable[[Element], Q]) -> Q:
        condition(lambda name: Absent())  # which refuses what cannot be compared, here as elsewhere
        return NEVER

    def holding(self, values: Mapping[str, str]) -> Q:
        return NEVER
