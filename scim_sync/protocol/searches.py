"""What a list is asked for, when it is asked in a body: `.search` (RFC 7644 §3.4.3)."""

from typing import Any, Final

from scim_sync.protocol.errors import InvalidFilter, InvalidValue, shown

_TEXTS: Final = ("filter", "sortBy", "sortOrder")
_NAMES: Final = {
    name.lower(): name for name in (*_TEXTS, "startIndex", "count", "attributes", "excludedAttributes")
}


def read_search(body: dict[str, Any]) -> dict[str, Any]:
    """The parameters of a SearchRequest, named as in a query string; names in any letter case.

    What else the body says is ignored, null is as good as nothing. Raises InvalidFilter, InvalidValue.
    """
    asked = {
        _NAMES[name.lower()]: value
        for name, value in body.items()
        if name.lower() in _NAMES and value is not None
    }
    for name in _TEXTS:
        if not isinstance(asked.get(name, ""), str):
            error = InvalidFilter if name == "filter" else InvalidValue
            raise error(f"{name}: {shown(asked[name])} is not text")
    return asked
