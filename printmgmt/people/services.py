"""Making and changing people. Leaving and coming back are in `printmgmt.deprovisioning`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from printmgmt.audit.actors import Actor
from printmgmt.audit.services import record
from printmgmt.organizations.models import Organization
from printmgmt.people.addresses import note_typed
from printmgmt.people.attributes import BY_NAME
from printmgmt.people.constraints import violates
from printmgmt.people.exceptions import InvalidName, PersonGone, SeatLimitReached, UserNameTaken
from printmgmt.people.models import PersonState, PrintAlias, PrintUser
from printmgmt.people.names import MAX_KEY_BYTES, NAME_LENGTH, TEXT_LENGTH, is_storable, name_key
from printmgmt.people.states import now_words

Changes = dict[str, tuple[str, str]]
"""Name of an attribute → (old, new)."""


@transaction.atomic
def create_person(organization: Organization, *, by: Actor, active: bool = True, **fields: str) -> PrintUser:
    """Make a person of ``organization`` of these attributes (``user_name`` at least) and return it.

    ``active=False`` makes a suspended person, who takes no seat before being active for the first time.
    Raises UserNameTaken, SeatLimitReached and InvalidName.
    """
    now = timezone.now()
    person = PrintUser(
        organization=organization, origin=by.source, source=by.source, created_at=now, updated_at=now
    )
    note_typed(person, assign(person, fields), by=by)
    person.active = active
    if active:
        take_seat(organization)
        person.first_active_at = now
    else:
        person.state = PersonState.SUSPENDED
    save_named(person, force_insert=True)
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
    person: PrintUser, fields: Mapping[str, str], *, by: Actor, raises_version: bool = True
) -> Changes:
    """Change attributes of a person whose row the caller has locked; return what changed.

    A new userName keeps id, cards, jobs and history: the old name becomes an alias that ends now. Saves
    nothing and raises no version when nothing differs. Without ``raises_version`` another change of the same
    request does that: it rises once. Raises UserNameTaken and InvalidName.
    """
    old_key = person.user_name_key
    changes = assign(person, fields)
    if not changes:
        return {}
    note_typed(person, changes, by=by)
    now = timezone.now()
    if raises_version:
        person.version += 1
        person.updated_at = now
    save_named(person)
    if "user_name" in changes:
        _next_alias(person, old_key, now, by.source)
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
    """Set attributes and their keys on ``person`` without saving; return what differs. Raises InvalidName."""
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
    """Raise InvalidName when a text is too long or holds characters no database keeps."""
    if not is_storable(value):
        raise InvalidName(_("A text may hold neither the character NUL nor half a character."))
    if len(value) > limit:
        raise InvalidName(
            _("“%(start)s…” is longer than %(limit)d characters.") % {"start": value[:40], "limit": limit}
        )


def check_name(value: str, *, required: bool = False) -> None:
    """Raise InvalidName when an indexed text is blank (if ``required``) or too long to be kept."""
    if required and not value.strip():
        raise InvalidName(_("A user name may not be blank."))
    check_text(value, limit=NAME_LENGTH)
    if len(name_key(value).encode()) > MAX_KEY_BYTES:
        raise InvalidName(
            _("“%(start)s…” is too long to be compared: more than %(limit)d bytes.")
            % {"start": value[:40], "limit": MAX_KEY_BYTES}
        )


def take_seat(organization: Organization) -> None:
    """Raise SeatLimitReached unless a new active person fits. Holds the organization's row until commit."""
    if organization.seats is None:
        return
    # no_key: rows that point at the organization are written meanwhile, which a full lock would hold up.
    locked = Organization.objects.select_for_update(no_key=True)
    seats = locked.values_list("seats", flat=True).get(pk=organization.pk)
    used = PrintUser.objects.of(organization).filter(state=PersonState.ACTIVE).count()
    if seats is not None and used >= seats:
        raise SeatLimitReached(
            _("All %(seats)d seats of %(organization)s are taken; free one or raise the limit.")
            % {"seats": seats, "organization": organization}
        )


def lock_person(person: PrintUser) -> None:
    """Lock a person's row until commit and bring the instance, its organization included, up to date."""
    locked = PrintUser.objects.select_for_update(of=("self",), no_key=True).select_related("organization")
    person.refresh_from_db(from_queryset=locked)


def lock_present(person: PrintUser) -> None:
    """Lock a person who is about to be given something. Raises PersonGone unless active."""
    lock_person(person)
    if person.is_gone:
        raise PersonGone(_("%(now)s Nothing can be given to them.") % {"now": now_words(person)})


def save_named(person: PrintUser, **options: Any) -> None:
    """Save a person. Raises UserNameTaken when another live person of the organization has the name."""
    try:
        with transaction.atomic():
            person.save(**options)
    except IntegrityError as error:
        if violates(error, PrintUser, "person_user_name_once"):
            raise UserNameTaken(
                _("The user name “%(name)s” is taken by another person.") % {"name": person.user_name}
            ) from error
        raise


def _next_alias(person: PrintUser, old_key: str, now: datetime, source: str) -> None:
    """Close the old name and open the new one; another spelling of the same name is no new one."""
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
