"""What changed between two representations, as a reader wants to see it."""

from collections.abc import Iterator
from typing import Any, NamedTuple


class Difference(NamedTuple):
    """One attribute that changed; None stands for absent."""

    attribute: str
    old: Any
    new: Any


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[Difference]:
    """The leaves that differ, by path: `name.familyName`, `emails[type eq "work"].value`."""
    old, new = dict(_leaves("", before)), dict(_leaves("", after))
    names = [*new, *(name for name in old if name not in new)]
    return [
        Difference(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)
    ]


def _leaves(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        # An extension's URN is joined by a colon (RFC 7644 §3.10), everything below it by a dot.
        separator = ":" if path.startswith("urn:") and path.endswith(":User") else "."
        for name, item in value.items():
            yield from _leaves(f"{path}{separator}{name}" if path else name, item)
    elif isinstance(value, list):
        for position, item in enumerate(value):
            kind = item.get("type") if isinstance(item, dict) else None
            yield from _leaves(f'{path}[type eq "{kind}"]' if kind else f"{path}[{position}]", item)
    else:
        yield path, value
