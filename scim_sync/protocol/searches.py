"""Reads the body of a `.search` request (RFC 7644 §3.4.3)."""

from typing import Any, Final

from scim_sync.protocol.errors import InvalidFilter, InvalidValue, shown

_TEXTS: Final = ("filter", "sortBy", "sortOrder")
_NAMES: Final = {
    name.lower(): name for name in (*_TEXTS, "startIndex", "count", "attributes", "excludedAttributes")
}


def read_search(body: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters of a SearchRequest, named as in a query string. Names may have any case.

    Ignores other members and nulls. Raises InvalidFilter, InvalidValue.
    """
    parameters = {
        _NAMES[name.lower()]: value
        for name, value in body.items()
        if name.lower() in _NAMES and value is not None
    }
    for name in _TEXTS:
        if not isinstance(parameters.get(name, ""), str):
            error = InvalidFilter if name == "filter" else InvalidValue
            raise error(f"{name}: {shown(parameters[name])} is not text")
    return parameters
