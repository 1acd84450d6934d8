"""JSON in one spelling (RFC 8785), so that a signature survives any tool that reads and writes the file."""

import json
from typing import Any, Final

_LARGEST: Final = 2**53 - 1


class NotCanonical(ValueError):
    """The text is no JSON that a receipt can contain. ``str()`` says why, in English."""


def canonical(value: Any) -> bytes:
    """Return ``value`` as RFC 8785 writes it: no blanks, keys sorted by their UTF-16 code units, UTF-8.

    Of numbers only integers up to 2**53 - 1 are allowed: every tool writes those in the same way. Raises
    NotCanonical.
    """
    try:
        return json.dumps(_sorted(value), ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except (UnicodeEncodeError, RecursionError) as error:
        raise NotCanonical("It contains text that is not Unicode, or is nested too deeply.") from error


def read_json(text: str | bytes) -> Any:
    """Return the value of a JSON text. Raises NotCanonical, also for an object that has a key twice."""
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_refuse)
    except NotCanonical:
        raise
    except (ValueError, RecursionError) as error:
        raise NotCanonical("It is not JSON.") from error


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise NotCanonical("A key is not text.")
        return {key: _sorted(value[key]) for key in sorted(value, key=_code_units)}
    if isinstance(value, list):
        return [_sorted(item) for item in value]
    if value is None or isinstance(value, str | bool) or (isinstance(value, int) and abs(value) <= _LARGEST):
        return value
    raise NotCanonical("It contains a number that is not a whole one, or is too large.")


def _code_units(key: str) -> bytes:
    return key.encode("utf-16-be")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotCanonical("It has the same key twice.")
    return found


def _refuse(constant: str) -> Any:
    raise NotCanonical(f"It contains {constant}, which is not JSON.")
