"""Creates and updates people. `printmgmt.deprovisioning` suspends, removes and restores them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from printmgmt.audit.actors import Actor
from printmgmt.audit.services import record
from printmgmt.organizations.models import Organization
from printmgmt.people.addresses import update_typed_addresses
from printmgmt.people.attributes import BY_NAME
from printmgmt.people.constraints import violates
from printmgmt.people.exceptions import InvalidName, PersonGone, SeatLimitReached, UserNameTaken
from printmgmt.people.models import PersonState, PrintAlias, PrintUser
from printmgmt.people.names import MAX_KEY_BYTES, NAME_LENGTH, TEXT_LENGTH, is_storable, name_key
from printmgmt.people.states import current_state_words

Changes = dict[str, tuple[str, str]]
"""Name of an attribute → (old, new)."""


@transaction.atomic
def create_person(organization: Organization, *, by: Actor, active: bool = True, **fields: str) -> PrintUser:
    """Create a person with these attributes (``user_name`` is required) and return it.

    ``active=False`` creates a suspended person, who takes no seat until first active.
    Raises UserNameTaken, SeatLimitReached and InvalidName.
    """
    now = timezone.now()
    person = PrintUser(
        organization=organization, origin=by.source, source=by.source, created_at=now, updated_at=now
    )
    update_typed_addresses(person, assign(person, fields), by=by)
    person.active = active
    if active:
        take_seat(organization)
        person.first_active_at = now
    else:
        person.state = PersonState.SUSPENDED
    save_person(person, force_insert=True)
    PrintAlias.objects.create(
        organization=organization,
        person=person,
        value=person.user_name,
        value_key=person.user_name_key,
        valid_from=now,
        source=by.source,
    )
    record(
        organization, "person.created", by=by, object_type="person", object_id=person.pk, label=str(person)
    )
    return person


@transaction.atomic
def update_person(
    person: PrintUser, fields: Mapping[str, str], *, by: Actor, bump_version: bool = True
) -> Changes:
    """Change attributes of a person whose row the caller has locked; return what changed.

    After a rename the person keeps id, cards, jobs and history; the old name becomes an alias that ends now.
    Saves nothing when nothing differs. Pass ``bump_version=False`` when another change of the same request
    increases the version: it increases once. Raises UserNameTaken and InvalidName.
    """
    old_key = person.user_name_key
    changes = assign(person, fields)
    if not changes:
        return {}
    update_typed_addresses(person, changes, by=by)
    now = timezone.now()
    if bump_version:
        person.version += 1
        person.updated_at = now
    save_person(person)
    if "user_name" in changes:
        _replace_alias(person, old_key, now, by.source)
    record(
        person.organization,
        "person.updated",
        by=by,
        object_type="person",
        object_id=person.pk,
        label=str(person),
        changes={name: list(change) for name, change in changes.items()},
    )
    return changes


def assign(person: PrintUser, fields: Mapping[str, str]) -> Changes:
    """Set attributes and their keys on ``person``; return what changed. Does not save. Raises InvalidName."""
    changes: Changes = {}
    for name, value in fields.items():
        attribute = BY_NAME.get(name)
        if attribute is None:
            raise TypeError(f"{name} is no attribute of a person")
        old = attribute.value_of(person)
        if value == old:
            continue
        if attribute.indexed:
            check_name(value, required=attribute.required)
        else:
            check_text(value)
        setattr(person, name, value)
        setattr(person, attribute.key_column, name_key(value))
        changes[name] = (old, value)
    if not person.user_name_key:
        raise InvalidName(_("A person needs a user name."))
    return changes


def check_text(value: str, *, limit: int = TEXT_LENGTH) -> None:
    """Raise InvalidName when a text is too long or has characters that a database cannot store."""
    if not is_storable(value):
        raise InvalidName(_("Text may not contain the NUL character or half of a surrogate pair."))
    if len(value) > limit:
        raise InvalidName(
            _("“%(start)s…” is longer than %(limit)d characters.") % {"start": value[:40], "limit": limit}
        )


def check_name(value: str, *, required: bool = False) -> None:
    """Raise InvalidName when an indexed text is too long, or blank although ``required``."""
    if required and not value.strip():
        raise InvalidName(_("A user name may not be blank."))
    check_text(value, limit=NAME_LENGTH)
    if len(name_key(value).encode()) > MAX_KEY_BYTES:
        raise InvalidName(
            _("“%(start)s…” is too long to be compared: more than %(limit)d bytes.")
            % {"start": value[:40], "limit": MAX_KEY_BYTES}
        )


def take_seat(organization: Organization) -> None:
    """Raise SeatLimitReached unless a seat is free. Locks the organization's row until commit."""
    if organization.seats is None:
        return
    # no_key: a full lock would block inserts of rows that reference the organization.
    locked = Organization.objects.select_for_update(no_key=True)
    seats = locked.values_list("seats", flat=True).get(pk=organization.pk)
    used = PrintUser.objects.of(organization).filter(state=PersonState.ACTIVE).count()
    if seats is not None and used >= seats:
        raise SeatLimitReached(
            _("All %(seats)d seats of %(organization)s are in use. Free a seat or raise the limit.")
            % {"seats": seats, "organization": organization}
        )


def lock_person(person: PrintUser) -> None:
    """Lock a person's row until commit and refresh the instance and its organization."""
    locked = PrintUser.objects.select_for_update(of=("self",), no_key=True).select_related("organization")
    person.refresh_from_db(from_queryset=locked)


def lock_active_person(person: PrintUser) -> None:
    """Lock a person who is about to get a card, PIN or device. Raises PersonGone unless they may print."""
    lock_person(person)
    if person.is_gone:
        raise PersonGone(_("%(now)s Nothing can be assigned to them.") % {"now": current_state_words(person)})


def save_person(person: PrintUser, **options: Any) -> None:
    """Save a person. Raises UserNameTaken when another live person of the organization has the name."""
    try:
        with transaction.atomic():
            person.save(**options)
    except IntegrityError as error:
        if violates(error, PrintUser, "person_user_name_once"):
            raise UserNameTaken(
                _("Another person already has the user name “%(name)s”.") % {"name": person.user_name}
            ) from error
        raise


def _replace_alias(person: PrintUser, old_key: str, now: datetime, source: str) -> None:
    """End the old alias and add one for the new name; only update it if just the spelling changed."""
    current = PrintAlias.objects.filter(person=person, value_key=old_key, valid_until__isnull=True)
    if old_key == person.user_name_key:
        current.update(value=person.user_name)
        return
    current.update(valid_until=now)
    PrintAlias.objects.create(
        organization=person.organization,
        person=person,
        value=person.user_name,
        value_key=person.user_name_key,
        valid_from=now,
        source=source,
    )
