"""Versions of resources as weak entity tags (RFC 7644 §3.14, RFC 9110 §13)."""

from scim2_models import PreconditionFailedException
from scim2_server.conditions import Conditions

from scim_sync.protocol.errors import PreconditionFailed


def version_tag(version: int) -> str:
    """Return the entity tag of a version: `W/"3"`."""
    return f'W/"{version}"'


def check_preconditions(
    version: int, method: str, *, if_match: str | None = None, if_none_match: str | None = None
) -> bool:
    """Return whether to proceed; False means that a GET returns 304.

    `if_match` and `if_none_match` are the raw headers. Raises PreconditionFailed (412).
    """
    try:
        return bool(Conditions(if_match, if_none_match).check(version_tag(version), method))
    except PreconditionFailedException:
        raise PreconditionFailed(f"The resource has changed, its version is {version_tag(version)}") from None
