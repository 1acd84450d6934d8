"""Bodies as the provisioning log keeps them: without anything secret."""

from typing import Any

from scim_sync.protocol.errors import is_secret

MASK = "•••"
LONGEST_BODY = 16_384


def masked(value: Any, name: str = "") -> Any:
    """The same JSON value with every secret replaced, wherever it stands and however its path is spelt."""
    if is_secret(name):
        return MASK
    if isinstance(value, list):
        return [masked(item, name) for item in value]
    if isinstance(value, dict):
        path = value.get("path")
        secret_path = isinstance(path, str) and is_secret(path)
        return {
            key: MASK if secret_path and key.lower() == "value" else masked(item, key)
            for key, item in value.items()
        }
    return value
