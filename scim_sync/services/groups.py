"""Groups: create, replace, patch, delete.

Every write goes through the adapter that django-scim2's settings name. It begins by locking the group and the
groups it names (ADR 21): two writers of one group wait for each other at the start, never in a circle.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django_scim.utils import get_group_adapter

from printmgmt.people.exceptions import GroupGone, GroupNameTaken, InvalidName, NestingCycle
from printmgmt.people.memberships import Delta
from printmgmt.people.models import GroupNesting, PrintGroup
from printmgmt.people.names import name_key
from printmgmt.people.tombstones import last_removed
from scim_sync.adapters.groups import GroupAdapter
from scim_sync.adapters.reading_groups import groups_of, kept_groups_of, read_groups
from scim_sync.credentials.calls import Call
from scim_sync.models import Action
from scim_sync.preferences import preferences_of
from scim_sync.protocol.bodies import GroupBody, read_group
from scim_sync.protocol.differences import Difference, differences
from scim_sync.protocol.errors import InvalidValue, NotFound, Uniqueness, shown
from scim_sync.protocol.etags import check_preconditions
from scim_sync.protocol.group_patch import apply_group_patch
from scim_sync.protocol.ids import ids_in, parse_id
from scim_sync.services.linking import check_group_linking
from scim_sync.services.outcomes import MOST_NAMED, Outcome, Preconditions

SMALL: Final = 100
"""Members up to which a PATCH is answered with the group; above, with 204."""

OURS = ("meta", "schemas")


@transaction.atomic(savepoint=False)
def create_group(call: Call, body: dict[str, Any]) -> Outcome:
    """POST (RFC 7644 §3.3). A group the console knows and the directory does not is linked.

    One that a directory deleted lately comes back, with its id and with whom the console put there.
    Raises ScimError: Uniqueness, InvalidValue.
    """
    wanted = read_group(body, comparison_key=name_key)
    name = wanted.resource["displayName"]
    of_name_or_named = Q(display_name_key=name_key(name)) | Q(pk__in=ids_in(body))
    locked = _lock(kept_groups_of(call.installation).filter(of_name_or_named))
    of_name = [group for group in locked if group.display_name_key == name_key(name)]
    known = next((group for group in of_name if group.removed_at is None), None)
    removed = None if known else last_removed(of_name)
    adapter = adapter_for(known or removed or PrintGroup(organization=call.organization), call)
    action = Action.REATTACH if removed else Action.CREATE
    before: dict[str, Any] = {}
    if known is not None:
        action = Action.LINK
        if adapter.is_linked:
            raise Uniqueness(f"displayName: {name!r} is taken by the group with id {known.pk}")
        check_group_linking(adapter)
        before = adapter.to_dict()
    return _write(adapter, before, wanted, action)


@transaction.atomic(savepoint=False)
def replace_group(call: Call, group_id: str, body: dict[str, Any], conditions: Preconditions) -> Outcome:
    """PUT (RFC 7644 §3.5.1): just these members. Raises ScimError."""
    adapter = _locked(call, group_id, "PUT", conditions, ids_in(body))
    wanted = read_group(body, comparison_key=name_key)
    return _write(adapter, adapter.to_dict(), wanted)


@transaction.atomic(savepoint=False)
def patch_group(
    call: Call, group_id: str, body: dict[str, Any], conditions: Preconditions, *, shows_members: bool = True
) -> Outcome:
    """PATCH (RFC 7644 §3.5.2), all of it or nothing; not whole with more than SMALL members.

    Without ``shows_members`` they are not read at all. Raises ScimError.
    """
    adapter = _locked(call, group_id, "PATCH", conditions, ids_in(body))
    before = adapter.to_dict()
    wanted = apply_group_patch(
        before, body, comparison_key=name_key, replace_adds=preferences_of(call.installation).replace_adds
    )
    return _write(adapter, before, wanted, shows_members=shows_members, at_most=SMALL)


@transaction.atomic(savepoint=False)
def delete_group(call: Call, group_id: str, conditions: Preconditions) -> Outcome:
    """DELETE (RFC 7644 §3.6): from now on 404; a POST of the name brings the group back for a while."""
    parents = GroupNesting.objects.filter(child=parse_id(group_id)).values_list("parent", flat=True)
    adapter = _locked(call, group_id, "DELETE", conditions, parents)
    before, group = adapter.to_dict(), adapter.obj
    adapter.delete()
    return Outcome(Action.REMOVE, group.display_name, before, adapter.location, group=group)


def get_group(call: Call, group_id: str) -> GroupAdapter:
    """One group of the tenant, its members not read. Raises NotFound."""
    return adapter_for(_found(read_groups(call.installation, [parse_id(group_id)]), group_id), call)


def find_group(call: Call, group_id: str) -> PrintGroup | None:
    """The group of the tenant with this id, or None."""
    return groups_of(call.installation).filter(pk=parse_id(group_id)).first()


def adapter_for(group: PrintGroup, call: Call) -> GroupAdapter:
    """The adapter that django-scim2's settings name, for one group and one call."""
    adapter: GroupAdapter = get_group_adapter()(group, call)
    return adapter


def _found(groups: Iterable[PrintGroup], group_id: str) -> PrintGroup:
    pk = parse_id(group_id)
    found = next((group for group in groups if group.pk == pk), None)
    if found is None:
        raise NotFound(f"Group {shown(group_id)} is not known")
    return found


def _lock(groups: QuerySet[PrintGroup]) -> list[PrintGroup]:
    """These groups under lock, taken in the order of their ids as everyone takes them.

    Whole locks: a name is a key, so a weaker one would have to grow for a rename while others wait for it.
    """
    return list(groups.select_for_update(of=("self",)).order_by("pk"))


def _locked(
    call: Call, group_id: str, method: str, conditions: Preconditions, others: Iterable[UUID]
) -> GroupAdapter:
    """The group under lock, as this write finds it, with those of ``others`` that are groups, too."""
    ids = {parse_id(group_id), *others}
    found = _found(_lock(groups_of(call.installation).filter(pk__in=ids)), group_id)
    check_preconditions(
        found.version, method, if_match=conditions.if_match, if_none_match=conditions.if_none_match
    )
    adapter = adapter_for(found, call)
    if not adapter.is_linked:
        check_group_linking(adapter)
    return adapter


def _write(
    adapter: GroupAdapter,
    before: dict[str, Any],
    wanted: GroupBody,
    action: Action | None = None,
    *,
    shows_members: bool = True,
    at_most: int | None = None,
) -> Outcome:
    """Save what is wanted of the group, which was ``before``; its members are read for the answer.

    With more than ``at_most`` the resource is not whole; without ``shows_members`` they are not read.
    """
    was_linked = adapter.is_linked
    adapter.from_dict(wanted.resource, wanted.members)
    with _group_errors(adapter):
        adapter.save()
    is_whole = not shows_members or adapter.read_members(at_most=at_most)
    after = adapter.to_dict()
    attributes = {name: value for name, value in after.items() if name != "members"}
    changes = [change for change in differences(before, attributes) if not change.attribute.startswith(OURS)]
    return Outcome(
        action=action or (Action.UPDATE if was_linked else Action.LINK),
        subject=adapter.obj.display_name,
        resource=after,
        location=adapter.location,
        group=adapter.obj,
        changes=changes + _member_changes(adapter.delta),
        ignored=list(wanted.ignored),
        warnings=adapter.warnings,
        is_whole=is_whole,
    )


def _member_changes(delta: Delta) -> list[Difference]:
    """Who came and who went, by id, so that the log names nobody who is erased; a long list is cut."""
    members = [(str(pk), True) for pk in sorted(delta.added.ids)]
    members += [(str(pk), False) for pk in sorted(delta.removed.ids)]
    changes = [
        Difference("members", None if added else pk, pk if added else None)
        for pk, added in members[:MOST_NAMED]
    ]
    if len(members) > MOST_NAMED:
        changes.append(Difference("members", None, f"… {len(members) - MOST_NAMED} more"))
    return changes


@contextmanager
def _group_errors(adapter: GroupAdapter) -> Iterator[None]:
    """What the core refuses, in SCIM's words."""
    try:
        yield
    except GroupNameTaken as error:
        raise Uniqueness(f"displayName: {error}") from error
    except NestingCycle as error:
        raise InvalidValue(f"members.value: {error}") from error
    except InvalidName as error:
        raise InvalidValue(f"displayName: {error}") from error
    except GroupGone as error:
        raise NotFound(f"Group {shown(str(adapter.obj.pk))} is not known") from error
