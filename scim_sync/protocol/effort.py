"""What one request makes the server look at: bounded, all operations of a Bulk together.

A path of fifty bytes can ask for all members of a group, a thousand times; each PATCH alone would be modest.
"""

from dataclasses import dataclass
from typing import Final

from scim_sync.protocol.errors import PayloadTooLarge, TooMany

MAX_MEMBER_COMPARISONS: Final = 200_000
"""Comparisons with members of groups: selections times members."""

MAX_VALUES_COPIED: Final = 100_000
"""Values of people's lists that patches make the library copy, some 50 µs each; five times what one may."""


@dataclass
class Effort:
    """What a request has asked for so far. Once it was too much, it stays so."""

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

    def copy(self, values: int) -> None:
        """Count values of lists that are copied. Raises PayloadTooLarge."""
        self.values += values
        if self.values > MAX_VALUES_COPIED:
            raise PayloadTooLarge(
                "Operations: too many operations on too many values of lists, send fewer at once"
            )

    def mark(self) -> tuple[int, int]:
        """Where it stands, for `back_to`."""
        return self.selections, self.values

    def back_to(self, mark: tuple[int, int]) -> None:
        """Forget what was counted since: the database broke it off, and it is done again."""
        self.selections, self.values = mark
