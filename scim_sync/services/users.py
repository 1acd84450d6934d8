"""People: create, replace, patch, delete.

Every write goes through the adapter that django-scim2's settings name.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django_scim.utils import get_user_adapter

from addons.others import owners_among
from printmgmt.deprovisioning import services as leaving
from printmgmt.people.exceptions import InvalidName, SeatLimitReached, UserNameTaken
from printmgmt.people.models import PrintUser, ReviewItem, ReviewKind
from printmgmt.people.names import name_key
from scim_sync.adapters.reading_people import people_of, read_people, see, tombstones_of
from scim_sync.adapters.users import UserAdapter
from scim_sync.credentials.calls import Call
from scim_sync.models import Action
from scim_sync.protocol.bodies import UserBody, read_user
from scim_sync.protocol.differences import Difference, differences
from scim_sync.protocol.errors import Forbidden, InvalidValue, NotFound, shown
from scim_sync.protocol.etags import check_preconditions
from scim_sync.protocol.ids import parse_id
from scim_sync.protocol.schemas import PRINTMGMT_USER
from scim_sync.protocol.user_patch import apply_patch
from scim_sync.provisioning_log.reasons import Reason
from scim_sync.services.linking import Taken, check_linking, check_owner
from scim_sync.services.outcomes import MOST_NAMED, Outcome, Preconditions

OURS = ("meta", "schemas", "groups", f"{PRINTMGMT_USER}:printAliases")
"""What follows from a change and is none the directory made."""

LIKELY_TOMBSTONES = 5
"""Newest tombstones of a name that are looked at; two within grace already need a person."""


@transaction.atomic(savepoint=False)
def create_user(call: Call, body: dict[str, Any]) -> Outcome:
    """POST (RFC 7644 §3.3). A known unlinked person is linked, one who left within grace comes back.

    Raises ScimError: Uniqueness (a LinkRefused, too), InvalidValue, Forbidden for want of a seat.
    """
    wanted = read_user(body, comparison_key=name_key)
    user_name = wanted.resource["userName"]
    known = _named(call, user_name)
    if known is not None:
        return _link(adapter_for(known, call), wanted)
    left = _left_lately(call, user_name)
    same = _who_comes_back(call, left, wanted.resource.get("externalId", ""))
    if len(same) == 1:
        outcome = _write(same[0], same[0].to_dict(), wanted, Action.REATTACH)
        outcome.changes += _groups_joined(outcome.resource)
        return outcome
    adapter = adapter_for(PrintUser(organization=call.organization), call)
    outcome = _write(adapter, {}, wanted, Action.CREATE)
    if left:
        _ask_about_rehire(call, adapter.obj, [gone.obj for gone in left])
    return outcome


@transaction.atomic(savepoint=False)
def replace_user(call: Call, user_id: str, body: dict[str, Any], conditions: Preconditions) -> Outcome:
    """PUT (RFC 7644 §3.5.1). What the body does not name is cleared, except `active`, which stays.

    Raises ScimError: NotFound, PreconditionFailed, InvalidValue, Uniqueness.
    """
    adapter = _locked(call, user_id, "PUT", conditions)
    wanted = read_user(body, comparison_key=name_key)
    _check_who_is_meant(adapter, wanted)
    return _write(adapter, adapter.to_dict(), wanted)


@transaction.atomic(savepoint=False)
def patch_user(call: Call, user_id: str, body: dict[str, Any], conditions: Preconditions) -> Outcome:
    """PATCH (RFC 7644 §3.5.2), all of it or nothing. Raises ScimError."""
    adapter = _locked(call, user_id, "PATCH", conditions)
    before = adapter.to_dict()
    # The directory sent `active`: also when it is "false" a second time.
    unsaid = {name: value for name, value in before.items() if name != "active"}
    wanted = apply_patch(unsaid, body, comparison_key=name_key, effort=call.effort)
    _check_who_is_meant(adapter, wanted)
    return _write(adapter, before, wanted)


@transaction.atomic(savepoint=False)
def delete_user(call: Call, user_id: str, conditions: Preconditions) -> Outcome:
    """DELETE (RFC 7644 §3.6): from now on 404; the person stays as a tombstone. Raises NotFound."""
    adapter = _locked(call, user_id, "DELETE", conditions)
    before, location = adapter.to_dict(), adapter.location
    adapter.delete()
    return Outcome(Action.REMOVE, adapter.obj.user_name, before, location, person=adapter.obj)


def get_user(call: Call, user_id: str) -> UserAdapter:
    """One person of the tenant. Raises NotFound, for a foreign id exactly as for an unknown one."""
    for person in read_people(call.installation, [parse_id(user_id)]):
        return adapter_for(person, call)
    raise NotFound(f"User {shown(user_id)} is not known")


def find_user(call: Call, user_id: str) -> PrintUser | None:
    """The person of the tenant with this id, or None."""
    return people_of(call.installation).filter(pk=parse_id(user_id)).first()


def adapter_for(person: PrintUser, call: Call) -> UserAdapter:
    """The adapter that django-scim2's settings name, for one person and one call."""
    adapter: UserAdapter = get_user_adapter()(person, call)
    return adapter


def _locked(call: Call, user_id: str, method: str, conditions: Preconditions) -> UserAdapter:
    """The person under lock, as this write finds it; linked or allowed to be."""
    # no_key: a group that adds the person must not wait, as this write may come to wait for it.
    people = people_of(call.installation).select_for_update(of=("self",), no_key=True)
    found = people.filter(pk=parse_id(user_id)).first()
    if found is None:
        raise NotFound(f"User {shown(user_id)} is not known")
    see([found], call.installation)
    adapter = adapter_for(found, call)
    check_preconditions(
        found.version, method, if_match=conditions.if_match, if_none_match=conditions.if_none_match
    )
    check_owner(adapter)
    if adapter.link is None:
        check_linking(adapter)
    return adapter


def _check_who_is_meant(adapter: UserAdapter, wanted: UserBody) -> None:
    """A directory that found an unlinked person by name and writes to the id may mean someone else."""
    if adapter.link is None:
        check_linking(adapter, external_id=wanted.resource.get("externalId", ""))


def _named(call: Call, user_name: str) -> PrintUser | None:
    people = people_of(call.installation).select_for_update(of=("self",), no_key=True)
    found = people.filter(user_name_key=name_key(user_name)).first()
    if found is not None:
        see([found], call.installation)
    return found


def _left_lately(call: Call, user_name: str) -> list[UserAdapter]:
    """The people of this name who were removed within grace, locked: only one POST brings one back."""
    tombstones = tombstones_of(call.installation, user_name).select_for_update(of=("self",), no_key=True)
    lately = [person for person in tombstones[:LIKELY_TOMBSTONES] if leaving.within_grace(person)]
    see(lately, call.installation)
    return [adapter_for(person, call) for person in lately]


def _who_comes_back(call: Call, left: list[UserAdapter], external_id: str) -> list[UserAdapter]:
    """Those of ``left`` whom a POST with this externalId may mean.

    The people known by the same one; else those of whom one side has none. Another one is someone else's.
    Nobody whom another directory managed: a name that two directories use need not be one person's.
    """
    of_others = owners_among(call.installation, {adapter.obj.source for adapter in left})
    left = [adapter for adapter in left if adapter.obj.source not in of_others]
    same = [adapter for adapter in left if external_id and adapter.known_as == external_id]
    return same or [adapter for adapter in left if not (external_id and adapter.known_as)]


def _link(adapter: UserAdapter, wanted: UserBody) -> Outcome:
    """The first write to a person the console knows already."""
    check_owner(adapter)
    if adapter.link is not None:
        name, pk = wanted.resource["userName"], adapter.obj.pk
        detail = f"userName: {name!r} is taken by the person with id {pk}"
        raise Taken(detail, reason=Reason.LINKED_ALREADY)
    _check_who_is_meant(adapter, wanted)
    return _write(adapter, adapter.to_dict(), wanted, Action.LINK)


def _groups_joined(resource: dict[str, Any]) -> list[Difference]:
    """The groups someone is in again, by name; a long list is cut and counted."""
    names = [group["display"] for group in resource.get("groups", [])]
    if len(names) > MOST_NAMED:
        names[MOST_NAMED:] = [f"… {len(names) - MOST_NAMED} more"]
    return [Difference("groups", None, name) for name in names]


def _ask_about_rehire(call: Call, person: PrintUser, left: list[PrintUser]) -> None:
    """A new person with the name of some who left lately: only an administrator can tell who it is."""
    ReviewItem.objects.create(
        organization=call.organization,
        kind=ReviewKind.REHIRE,
        key=str(person.pk),
        person=person,
        source=call.installation.source,
        request_id=call.request_id,
        details={"tombstones": [str(tombstone.pk) for tombstone in left]},
    )


def _write(
    adapter: UserAdapter, before: dict[str, Any], wanted: UserBody, action: Action | None = None
) -> Outcome:
    """Save what is wanted of the person, who was ``before``."""
    was_linked = adapter.link is not None
    word = adapter.obj.active, adapter.obj.allowed_at
    adapter.from_dict(wanted.resource, wanted.write_only, is_whole=wanted.is_whole)
    with _people_errors():
        adapter.save()
    after = adapter.to_dict()
    changes = [change for change in differences(before, after) if not change.attribute.startswith(OURS)]
    if action is None:
        action = Action.UPDATE if was_linked else Action.LINK
        if word != (adapter.obj.active, adapter.obj.allowed_at):
            action = Action.REACTIVATE if adapter.obj.active else Action.SUSPEND
    return Outcome(
        action=action,
        subject=adapter.obj.user_name,
        resource=after,
        location=adapter.location,
        person=adapter.obj,
        changes=changes + adapter.secret_changes,
        ignored=list(wanted.ignored),
        warnings=adapter.warnings,
    )


@contextmanager
def _people_errors() -> Iterator[None]:
    """What the core refuses, in SCIM's words."""
    try:
        yield
    except UserNameTaken as error:
        raise Taken(f"userName: {error}", reason=Reason.NAME_TAKEN) from error
    except SeatLimitReached as error:
        raise Forbidden(str(error)) from error
    except InvalidName as error:
        raise InvalidValue(str(error)) from error
