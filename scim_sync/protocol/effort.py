"""Limits the work of one request, over all operations of a Bulk.

A path of fifty bytes can select among all members of a group, a thousand times, while each PATCH alone is
cheap.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from scim_sync.protocol.errors import PayloadTooLarge, TooMany
from scim_sync.protocol.limits import MAX_PATCH_WORK, measure_expression
from scim_sync.protocol.operations import Operation

MAX_MEMBER_COMPARISONS: Final = 200_000
"""Limit of comparisons with members of groups: selections times members."""

MAX_VALUES_COPIED: Final = 100_000
"""Limit of list values that the library copies, some 50 µs each: five times the limit of one PATCH."""

_TOO_MANY_VALUES: Final = "Operations: too many operations on too many values of lists, send fewer at once"


@dataclass
class Effort:
    """Counts the work of a request. Once over a limit, every further call raises."""

    selections: int = 0
    values: int = 0

    def select(self, comparisons: int, members: int) -> None:
        """Count a selection of so many comparisons among so many members. Raises TooMany."""
        self.selections += comparisons * members
        if self.selections > MAX_MEMBER_COMPARISONS:
            raise TooMany(
                f"members: {MAX_MEMBER_COMPARISONS} comparisons with members are made for one request;"
                ' select by value eq "…", which needs none, or send fewer operations at once'
            )

    def patch(self, resource: Mapping[str, Any], operations: Sequence[Operation]) -> None:
        """Count the values that the library copies for a PATCH of ``resource``. Raises PayloadTooLarge."""
        values = _values_copied(resource, operations)
        if values > MAX_PATCH_WORK:
            raise PayloadTooLarge(_TOO_MANY_VALUES)
        self.copy(values)

    def copy(self, values: int) -> None:
        """Count values of lists that are copied. Raises PayloadTooLarge."""
        self.values += values
        if self.values > MAX_VALUES_COPIED:
            raise PayloadTooLarge(_TOO_MANY_VALUES)

    def mark(self) -> tuple[int, int]:
        """Return the present counts, for `back_to`."""
        return self.selections, self.values

    def back_to(self, mark: tuple[int, int]) -> None:
        """Reset the counts to ``mark``: the transaction was aborted and is retried."""
        self.selections, self.values = mark


def _values_copied(resource: Mapping[str, Any], operations: Sequence[Operation]) -> int:
    """The library copies a list for each operation on it, and compares value by value."""
    sizes = {name: len(value) for name, value in resource.items() if isinstance(value, list)}
    copied = 0
    for operation in operations:
        name, selected, _ = operation.path.partition("[")
        given = len(operation.value) if isinstance(operation.value, list) else 0
        comparisons = given if operation.op == "remove" else 0
        if selected:
            comparisons = measure_expression(operation.path)[1]
        if operation.op == "add" or selected:  # a selection without a match creates the element
            sizes[name] = sizes.get(name, 0) + (1 if selected else given)
        elif operation.op == "replace" and given:
            sizes[name] = given
        copied += sizes.get(name, 0) * (1 + comparisons // 5)  # a copy takes as long as some five comparisons
    return copied
