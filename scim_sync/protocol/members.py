"""Members of a group as a request names them: by id, never looked at (RFC 7643 §4.2)."""

from typing import Any, NamedTuple

from scim_sync.protocol.errors import InvalidValue


class MemberChange(NamedTuple):
    """One step: `op` is add, remove or replace; `ids` say whom.

    A `selector` (`members[type eq "Group"]`) means whom it selects when the step's turn comes.
    """

    op: str
    ids: tuple[str, ...] = ()
    selector: str | None = None


def member_ids(members: list[dict[str, Any]]) -> tuple[str, ...]:
    """The ids in a list of members, each once. Raises InvalidValue for a member that has none."""
    for member in members:
        if "value" not in member:
            raise InvalidValue("members.value: is required, the id of a person or group")
    return tuple(dict.fromkeys(member["value"] for member in members))
