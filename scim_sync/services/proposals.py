"""What a refused write would set on a person the directory may not link to, for the review of it."""

from typing import Any, Final, NamedTuple

from printmgmt.people.names import name_key
from scim_sync.adapters.attributes import BY_PATH
from scim_sync.adapters.placement import placed
from scim_sync.protocol.bodies import read_user
from scim_sync.protocol.effort import Effort
from scim_sync.protocol.errors import ScimError
from scim_sync.protocol.user_patch import apply_patch

COMPARED: Final = [attribute for attribute in BY_PATH.values() if attribute.indexed]
"""The attributes by which an administrator sees whether two are the same person."""

# A person must have a user name; it stands for the one a PATCH does not name.
_PLACEHOLDER: Final = "?"


class Proposal(NamedTuple):
    """What a write would have done: ``values`` of the person, and whether it would have ended their access.

    ``values`` are COMPARED by name, and `external_id`, as far as the body names them; never a secret.
    """

    values: dict[str, str]
    ends_access: bool


def proposal_of(method: str, body: Any, effort: Effort) -> Proposal:
    """Read a refused POST, PUT, PATCH or DELETE.

    ``effort`` counts what the request asks for; one that asks for too much proposes nothing.
    """
    if method == "DELETE":
        return Proposal({}, ends_access=True)
    given = body if isinstance(body, dict) else {}
    try:
        if method == "PATCH":
            nobody = {"userName": _PLACEHOLDER}
            resource = apply_patch(nobody, given, comparison_key=name_key, effort=effort).resource
        else:
            resource = read_user(given, comparison_key=name_key).resource
    except ScimError:  # what it is refused for comes first, so it need not be right
        return Proposal({}, ends_access=False)
    columns, link = placed(resource)
    values = {attribute.name: columns[attribute.name] for attribute in COMPARED}
    values["external_id"] = link["external_id"]
    named = {name: value for name, value in values.items() if value and value != _PLACEHOLDER}
    return Proposal(named, ends_access=resource.get("active") is False)
