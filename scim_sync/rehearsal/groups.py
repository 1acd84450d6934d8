"""One group in one cycle: match, create or rename; and its members, one request each, after all people."""

from dataclasses import dataclass, field
from typing import Any

from scim_sync.rehearsal.answers import Failure
from scim_sync.rehearsal.bodies import PATCH_OP
from scim_sync.rehearsal.client import Client
from scim_sync.rehearsal.directory import Group
from scim_sync.rehearsal.links import Link, Links
from scim_sync.rehearsal.log import Outcome
from scim_sync.rehearsal.users import REDUNDANT, Result

CORE_GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"


@dataclass(frozen=True)
class GroupMapping:
    """How groups are sent. With ``whole_lists`` a change sends all members and no removal, which is wrong."""

    whole_lists: bool = False


@dataclass
class GroupSync:
    """Synchronizes groups. ``sent`` are the members that each was last sent with, by objectId.

    A member who is not provisioned yet is left out and counts as sent: Entra does not send them by itself
    when they arrive later, only after a restart.
    """

    client: Client
    mapping: GroupMapping
    links: Links
    sent: dict[str, frozenset[str]] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)

    def process(self, group: Group) -> Result:
        """Send the requests for a group without its members. A failed request is returned as a result."""
        try:
            return self._process(group)
        except Failure as failure:
            return Result(Outcome.FAILED, failure.code, failure.reason)

    def process_members(self, group: Group) -> Result | None:
        """Send who came and who went; None if there is nothing to send."""
        link = self.links.get(group.object_id)
        wanted, sent = frozenset(group.members), self.sent.get(group.object_id, frozenset())
        if link is None or wanted == sent:
            return None
        try:
            for operation in self._changes(wanted, sent):
                self.client.patch_group(link.target_id, {"schemas": [PATCH_OP], "Operations": [operation]})
        except Failure as failure:
            return Result(Outcome.FAILED, failure.code, f"members: {failure.reason}")
        self.sent[group.object_id] = wanted
        return Result(Outcome.UPDATED)

    def _process(self, group: Group) -> Result:
        link = self.links.get(group.object_id)
        if link is not None and self._names[group.object_id] == group.display_name:
            return REDUNDANT
        if link is not None:
            operation = {"op": "Replace", "path": "displayName", "value": group.display_name}
            self.client.patch_group(link.target_id, {"schemas": [PATCH_OP], "Operations": [operation]})
        found = self.client.find_groups(group.display_name) if link is None else []
        if link is None:
            resource = found[0] if found else self.client.create_group(_post(group))
            self.links[group.object_id] = Link(resource["id"])
        self._names[group.object_id] = group.display_name
        return Result(Outcome.UPDATED if link or found else Outcome.CREATED)

    def _changes(self, wanted: frozenset[str], sent: frozenset[str]) -> list[dict[str, Any]]:
        if self.mapping.whole_lists:
            return [{"op": "replace", "path": "members", "value": self._values(wanted)}]
        # One member a request, as recorded; the flag would remove by a filter in the path.
        return [
            {"op": verb, "path": "members", "value": [value]}
            for verb, members in (("Add", wanted - sent), ("Remove", sent - wanted))
            for value in self._values(members)
        ]

    def _values(self, members: frozenset[str]) -> list[dict[str, Any]]:
        linked = [self.links[member] for member in sorted(members) if member in self.links]
        return [{"$ref": None, "value": link.target_id} for link in linked]


def _post(group: Group) -> dict[str, Any]:
    return {
        "schemas": [CORE_GROUP, "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
        "externalId": group.object_id,
        "displayName": group.display_name,
        "meta": {"resourceType": "Group"},
    }
