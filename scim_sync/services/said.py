"""What a write says of a person whom the directory may not have yet: for whoever decides about it."""

from typing import Any, Final

from printmgmt.people.names import name_key
from scim_sync.adapters.placement import placed
from scim_sync.protocol.bodies import read_user
from scim_sync.protocol.effort import Effort
from scim_sync.protocol.errors import ScimError
from scim_sync.protocol.user_patch import apply_patch

COLUMNS: Final = ("user_name", "display_name", "work_email")

# A person must have a user name; it stands for the one a PATCH does not name.
_UNSAID: Final = "?"


def said_of(body: Any, effort: Effort, *, is_patch: bool) -> dict[str, str]:
    """COLUMNS and `external_id` as far as the body of a POST, PUT or PATCH names them; never a secret.

    ``effort`` counts what the request asks for; of one that asks for too much nothing is said.
    """
    given = body if isinstance(body, dict) else {}
    try:
        if is_patch:
            nobody = {"userName": _UNSAID}
            resource = apply_patch(nobody, given, comparison_key=name_key, effort=effort).resource
        else:
            resource = read_user(given, comparison_key=name_key).resource
    except ScimError:  # what it is refused for comes first, so it need not be right
        return {}
    columns, link = placed(resource)
    said = {name: columns[name] for name in COLUMNS} | {"external_id": link["external_id"]}
    return {name: value for name, value in said.items() if value and value != _UNSAID}
