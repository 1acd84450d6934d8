"""`meta` of a representation (RFC 7643 §3.1)."""

from typing import Any


def timestamp(moment: Any) -> str:
    return str(moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"))
