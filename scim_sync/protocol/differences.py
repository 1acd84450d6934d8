"""Lists the differences of two representations for people to read."""

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple


class Difference(NamedTuple):
    """One attribute that changed. None means absent."""

    attribute: str
    old: Any
    new: Any


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[Difference]:
    """Return the values that differ, with their path: `name.familyName`, `emails[type eq "work"].value`.

    Each value of a list is one entry, so a path may occur twice. The order of a list does not matter.
    """
    return list(_between("", before, after))


def _between(path: str, old: Any, new: Any) -> Iterator[Difference]:
    if old == new:
        return
    if isinstance(old, dict) or isinstance(new, dict):
        yield from _between_objects(path, _as(dict, old), _as(dict, new))
    elif isinstance(old, list) or isinstance(new, list):
        for position, one, other in _paired(_as(list, old), _as(list, new)):
            yield from _between(_element_path(path, position, one, other), one, other)
    else:
        yield Difference(path, old, new)


def _as(kind: type[Any], value: Any) -> Any:
    return value if isinstance(value, kind) else kind()


def _between_objects(path: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Difference]:
    # The URN of an extension is followed by a colon (RFC 7644 §3.10); other names are joined by a dot.
    separator = ":" if path.startswith("urn:") and path.endswith(":User") else "."
    for name in [*new, *(name for name in old if name not in new)]:
        yield from _between(f"{path}{separator}{name}" if path else name, old.get(name), new.get(name))


def _element_path(path: str, position: int, old: Any, new: Any) -> str:
    kind = _part(old, "type") or _part(new, "type")
    return f'{path}[type eq "{kind}"]' if kind else f"{path}[{position}]"


def _part(element: Any, name: str) -> Any:
    return element.get(name) if isinstance(element, dict) else None


def _same(*names: str) -> Callable[[Any, Any], bool]:
    return lambda old, new: all(_part(old, name) == _part(new, name) for name in names)


def _has_no_type(old: Any, new: Any) -> bool:
    return not (_part(old, "type") and _part(new, "type"))


# Rules to find the old element for a new one. The first rule with a match wins, then the nearest position.
_RULES: Final[tuple[Callable[[Any, Any], bool], ...]] = (
    lambda old, new: bool(old == new),
    _same("type", "value"),
    _same("type"),
    lambda old, new: _part(old, "value") is not None and _same("value")(old, new),
    _has_no_type,
)


def _paired(old: list[Any], new: list[Any]) -> Iterator[tuple[int, Any, Any]]:
    """Yield (position, old, new) for each element; None for one that was added or removed."""
    left = dict(enumerate(old))
    partner: dict[int, int] = {}
    for rule in _RULES:
        for position, element in enumerate(new):
            if position not in partner:
                found = next((at for at, one in left.items() if rule(one, element)), None)
                if found is not None:
                    partner[position] = found
                    del left[found]
    for position, element in enumerate(new):
        yield position, old[partner[position]] if position in partner else None, element
    for position, element in left.items():
        yield position, element, None
