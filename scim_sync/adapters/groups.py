"""The adapter between a PrintGroup with its link row and a SCIM Group."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any
from uuid import UUID

from printmgmt.deprovisioning.policy import groups_kept_until
from printmgmt.people import groups, tombstones
from printmgmt.people.memberships import Change, Delta, Members, Verb, change_members, find_members
from printmgmt.people.models import PrintGroup
from printmgmt.people.names import name_key
from scim_sync.adapters.base import ResourceAdapter
from scim_sync.adapters.members import Member, read_members
from scim_sync.adapters.reading_groups import groups_of
from scim_sync.credentials.calls import Call
from scim_sync.models import ScimGroup
from scim_sync.preferences import UnknownMembers, preferences_of
from scim_sync.protocol.attributes import GROUP
from scim_sync.protocol.errors import InvalidValue, shown
from scim_sync.protocol.ids import parse_id
from scim_sync.protocol.member_selection import MemberSelection
from scim_sync.protocol.members import MemberChange
from scim_sync.protocol.rendering import render
from scim_sync.provisioning_log.reasons import UNKNOWN_MEMBER, Reason, Warned

MOST_NAMED = 10
"""Unknown ids listed in an error."""


class GroupAdapter(ResourceAdapter):
    """The SCIM view of a group. ``obj`` is from `reading_groups`, or is new.

    ``request`` is the Call. ``members`` are the members that `to_dict` shows: none before `read_members`.
    """

    resource_type = "Group"
    audited_as = "group"
    obj: PrintGroup

    def __init__(self, obj: PrintGroup, request: Call) -> None:
        super().__init__(obj, request)
        links: list[ScimGroup] = getattr(obj, "links", [])
        self.link = links[0] if links else None
        self.members: list[Member] = []
        self.delta = Delta()
        self._changes: Sequence[MemberChange] = ()

    @property
    def is_linked(self) -> bool:
        """Whether the directory has ever written the group."""
        return self.link is not None

    def to_dict(self) -> dict[str, Any]:
        """Return the representation (RFC 7643 §4.2), with the members that were read."""
        group = self.obj
        resource = {
            "id": self.id,
            "externalId": self.link.external_id if self.link else "",
            "meta": self.meta,
            "displayName": group.display_name,
            "members": self.members,
        }
        return render(resource, GROUP)

    def read_members(self, *, at_most: int | None = None) -> bool:
        """Read the members for `to_dict`; return False if there are more than ``at_most``."""
        limit = None if at_most is None else at_most + 1
        found = read_members([self.obj.pk], self.call.installation, at_most=limit)[self.obj.pk]
        if at_most is not None and len(found) > at_most:
            return False
        self.members = found
        return True

    def from_dict(self, d: dict[str, Any], members: Sequence[MemberChange] = ()) -> None:
        """Set what `save` will write: the attributes ``d`` and the changes of members."""
        self.wanted = d
        self._changes = members

    def save(self) -> None:
        """Write the changes in the caller's transaction. The version increases once at most.

        A deleted group is restored.

        Raises GroupNameTaken, InvalidName, NestingCycle, GroupGone, and InvalidValue for unknown members.
        """
        actor, name = self.call.actor, self.wanted["displayName"]
        if self.obj._state.adding:
            self.obj = groups.create_group(self.call.organization, name, by=actor)
            self._save_link()
            raised = True
        elif self.obj.removed_at is not None:
            tombstones.restore_group(self.obj, by=actor, display_name=name)
            self._save_link()
            raised = True
        else:
            raised = groups.rename_group(self.obj, name, by=actor)
            if self._save_link() and not raised:
                groups.write_group(self.obj)
                raised = True
        self.delta = change_members(self.obj, self._steps(), by=actor, bump_version=not raised)

    def delete(self) -> None:
        """Delete the group. It can be restored for a while (`people.tombstones`)."""
        # The links of all installations: after a restore, each links the group again when it writes it.
        ScimGroup.objects.filter(group=self.obj).delete()
        until = groups_kept_until(self.call.organization)
        tombstones.remove_group(self.obj, until=until, by=self.call.actor)

    def _save_link(self) -> bool:
        """Save the link if it differs; return whether it did. A directory's first write creates it."""
        was_linked = self.is_linked
        external_id = self.wanted.get("externalId", "")
        if self.link is None:
            self.link = ScimGroup(installation=self.call.installation, group=self.obj)
        elif self.link.external_id == external_id:
            return False
        self.link.external_id = external_id
        self.link.save()
        if not was_linked and self.obj.source != self.call.actor.source:
            self.obj.source = self.call.actor.source
            with groups.unique_group_name(self.obj.display_name):
                self.obj.save(update_fields=["source"])
            self._record("group.linked")
        return True

    def _steps(self) -> Iterator[Change]:
        """Yield the changes of members with ids. A selector is resolved only when its turn comes."""
        selection = MemberSelection(self._members_among, name_key, self.call.effort)
        for op, ids, selector in self._changes:
            if op == Verb.REMOVE:
                chosen = selection.select(selector) if selector else frozenset(map(parse_id, ids))
                selection.note_removed(chosen)
                # Their kind does not matter: ids that are not members are ignored.
                yield Change(Verb.REMOVE, Members(chosen, chosen))
                continue
            known = self._known(ids)
            note = selection.note_added if op == Verb.ADD else selection.note_replaced
            note(known.ids)
            yield Change(Verb(op), known)

    def _members_among(self, ids: Collection[UUID] | None) -> list[Member]:
        return read_members([self.obj.pk], self.call.installation, among=ids)[self.obj.pk]

    def _known(self, ids: tuple[str, ...]) -> Members:
        """Return the people and groups with these ids. Unknown ids raise or are ignored, by the settings."""
        by_id = {text: parse_id(text) for text in ids}
        seen = groups_of(self.call.installation)
        wanted = set(by_id.values())
        members = find_members(self.call.organization, wanted, among=seen) if ids else Members()
        unknown = [text for text, pk in by_id.items() if pk not in members.ids]
        if unknown:
            names = ", ".join(shown(text) for text in unknown[:MOST_NAMED])
            more = f" and {len(unknown) - MOST_NAMED} more" if len(unknown) > MOST_NAMED else ""
            detail = f"{UNKNOWN_MEMBER} {names}{more}"
            if preferences_of(self.call.installation).unknown_members == UnknownMembers.REFUSE:
                raise InvalidValue(detail)
            self.warnings.append(Warned(Reason.UNKNOWN_MEMBERS, f"{detail}; left out"))
        return members
