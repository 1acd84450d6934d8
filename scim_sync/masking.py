"""Bodies as the provisioning log keeps them: without anything secret."""

from typing import Any

from scim_sync.protocol.errors import is_secret

MASK = "•••"
LONGEST_BODY = 16_384


def masked(value: Any) -> Any:
    """The same JSON value with every secret replaced, wherever it stands and however its path is spelt."""
    if isinstance(value, list):
        return [masked(item) for item in value]
    if not isinstance(value, dict):
        return value
    paths = [item for key, item in value.items() if key.lower() == "path" and isinstance(item, str)]
    if any(map(_is_secret, paths)):  # an operation of a PATCH
        return {key: _kept_of_operation(key.lower(), item) for key, item in value.items()}
    return {_name(key) if _is_secret(key) else key: _kept(key, item) for key, item in value.items()}


def _kept(key: str, value: Any) -> Any:
    return MASK if _is_secret(key) else masked(value)


def _kept_of_operation(member: str, value: Any) -> Any:
    """What the operation is and which attribute it is on; never its value."""
    if member == "path" and isinstance(value, str) and _is_secret(value):
        return _name(value)
    return value if member == "op" else MASK


def _is_secret(path: str) -> bool:
    return is_secret(_name(path))


def _name(path: str) -> str:
    """A path without what it compares with: that may be the secret itself."""
    return path.partition("[")[0].strip()
