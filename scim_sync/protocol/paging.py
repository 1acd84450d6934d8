"""startIndex and count of a list (RFC 7644 §3.4.2.4), for any number that a client may send."""

import re
from dataclasses import dataclass
from typing import Final

from scim_sync.protocol.errors import InvalidValue, shown
from scim_sync.protocol.limits import DEFAULT_PAGE, MAX_PAGE

# Longer than any list, fits 64 bits together with a page, and exact as a JavaScript number.
_LAST_INDEX: Final = 2**53 - 1
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,4000}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Page:
    """The requested page: `start_index` counts from 1, `count` may be 0."""

    start_index: int
    count: int

    @property
    def window(self) -> slice:
        """Return the page as a slice for a queryset."""
        return slice(self.start_index - 1, self.start_index - 1 + self.count)

    def total_with(self, found: int) -> int | None:
        """Return how many there are in all if the page has ``found`` of them, None if it does not tell."""
        is_last = 0 < found < self.count or (found == 0 < self.count and self.start_index == 1)
        return self.start_index - 1 + found if is_last else None


def parse_page(start_index: str | int | None = None, count: str | int | None = None) -> Page:
    """Read both parameters, from a query string or a JSON body; None and "" mean the default.

    Numbers below the minimum (1 and 0) count as the minimum, those above the maximum as the maximum. Raises
    InvalidValue.
    """
    start = _integer("startIndex", start_index, 1)
    wanted = _integer("count", count, DEFAULT_PAGE)
    return Page(start_index=min(max(start, 1), _LAST_INDEX), count=min(max(wanted, 0), MAX_PAGE))


def _integer(name: str, value: str | int | None, default: int) -> int:
    if value is None or value == "":
        return default
    if isinstance(value, str) and _INTEGER.fullmatch(value.strip()):
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise InvalidValue(f"{name}: {shown(value)} is not an integer")
