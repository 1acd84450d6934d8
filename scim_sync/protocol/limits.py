"""Limits of one request, and checks of JSON values before anything else reads them."""

import json
import re
from collections.abc import Callable
from math import isfinite
from typing import Any, Final

from scim_sync.protocol.errors import InvalidSyntax, InvalidValue, PayloadTooLarge

MAX_BODY_BYTES: Final = 1024 * 1024
MAX_BULK_BODY_BYTES: Final = 5 * 1024 * 1024
MAX_BULK_OPERATIONS: Final = 1000
MAX_NESTING: Final = 32
MAX_FILTER_BYTES: Final = 4096
MAX_FILTER_OPERANDS: Final = 100
MAX_PATH_BYTES: Final = 1024
MAX_PATCH_OPERATIONS: Final = 1000
# Values of one list of a person, and values that the library may copy for a PATCH (some 50 µs each).
MAX_VALUES: Final = 100
MAX_PATCH_WORK: Final = 20_000
MAX_STRING: Final = 4096
MAX_INDEXED_STRING: Final = 512
MAX_SECRET_STRING: Final = 255
# One NFKC character can become 18, and a PostgreSQL index row ends at 2,704 bytes.
MAX_KEY_BYTES: Final = 2048
DEFAULT_PAGE: Final = 100
MAX_PAGE: Final = 1000

_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
_BIGGEST_INT: Final = 2**63


def parse_json(body: bytes, *, max_bytes: int = MAX_BODY_BYTES) -> dict[str, Any]:
    """Return the JSON object of a request body, checked by `check_document`. The last of repeated names wins.

    Raises PayloadTooLarge above `max_bytes`, InvalidSyntax if it is not a strict JSON object in UTF-8.
    """
    if len(body) > max_bytes:
        raise PayloadTooLarge(f"The body has {len(body)} bytes, {max_bytes} are accepted")
    try:
        data = json.loads(body.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except RecursionError:
        raise InvalidSyntax(f"The body is nested more than {MAX_NESTING} levels deep") from None
    except ValueError as exc:
        # The message of json has the position but no text; a UnicodeDecodeError would repeat bytes.
        where = f": {exc.msg} at {exc.pos}" if isinstance(exc, json.JSONDecodeError) else ""
        raise InvalidSyntax(f"The body is not JSON in UTF-8{where}") from None
    if not isinstance(data, dict):
        raise InvalidSyntax("The body must be a JSON object")
    check_document(data)
    return data


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def check_document(data: Any) -> None:
    """Refuse what databases or renderers cannot handle: depth, long text, NUL, lone surrogates, huge numbers.

    Raises InvalidSyntax for the depth, InvalidValue naming the attribute for the rest. No recursion.
    """
    waiting: list[tuple[Any, int, str]] = [(data, 1, "")]
    while waiting:
        value, depth, name = waiting.pop()
        if isinstance(value, dict | list):
            if depth > MAX_NESTING:
                raise InvalidSyntax(f"The body is nested more than {MAX_NESTING} levels deep")
            if isinstance(value, list):
                waiting.extend((item, depth + 1, name) for item in value)
                continue
            for key, item in value.items():
                check_text(key, "a name")
                waiting.append((item, depth + 1, key))
        elif isinstance(value, str):
            check_text(value, name)
        elif isinstance(value, float) and not isfinite(value):
            raise InvalidValue(f"{name}: the number is too large")
        elif isinstance(value, int) and not -_BIGGEST_INT <= value < _BIGGEST_INT:
            raise InvalidValue(f"{name}: the number does not fit 64 bits")


def check_text(value: str, name: str, *, longest: int = MAX_STRING) -> None:
    """Raise InvalidValue for text that no database can store. `name` is the attribute for the detail."""
    if len(value) > longest:
        raise InvalidValue(f"{name[:MAX_PATH_BYTES]}: {len(value)} characters, {longest} are accepted")
    if _UNSTORABLE.search(value):
        raise InvalidValue(f"{name[:MAX_PATH_BYTES]}: text must not hold NUL or half a surrogate pair")


def check_indexed(value: str, name: str, comparison_key: Callable[[str], str]) -> None:
    """Raise InvalidValue for text that is too long for an indexed column or for its key."""
    check_text(value, name, longest=MAX_INDEXED_STRING)
    if len(comparison_key(value).encode()) > MAX_KEY_BYTES:
        raise InvalidValue(f"{name}: the text is too long when compared, {MAX_KEY_BYTES} bytes are accepted")


_EXPRESSION_TOKENS: Final = re.compile(r'"(?:[^"\\]|\\.)*"?|[(\[]|[)\]]|\b(?:and|or)\b', re.IGNORECASE)


def measure_expression(text: str) -> tuple[int, int]:
    """Return (nesting, operands) of a filter or path, counted outside literals and before parsing."""
    depth = deepest = 0
    operands = 1
    for token in _EXPRESSION_TOKENS.findall(text):
        if token in ("(", "["):
            depth += 1
            deepest = max(deepest, depth)
        elif token in (")", "]"):
            depth -= 1
        elif not token.startswith('"'):
            operands += 1
    return deepest, operands
