"""Erases what the tables of people have about one person. `deprovisioning.retention` decides when."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from printmgmt.people.attributes import ATTRIBUTES
from printmgmt.people.models import (
    Credential,
    Device,
    GroupMembership,
    PrintAlias,
    PrintUser,
    ReviewItem,
)
from printmgmt.people.states import update_state


@dataclass(frozen=True)
class Known:
    """What a person was known by, read before it is erased: for add-ons and rows that name them as text.

    ids         the person's id and those of the rows merged into them
    names       keys (`people.names.name_key`) of every name they printed under
    spellings   these names as they were written
    texts       those, and the keys of all their other attributes that are not empty
    values      these texts as they were written
    devices     ids of their devices
    """

    ids: frozenset[UUID]
    names: frozenset[str]
    spellings: frozenset[str]
    texts: frozenset[str]
    values: frozenset[str]
    devices: frozenset[UUID]


def known_of(rows: Collection[PrintUser]) -> Known:
    """Return what these rows of one person are known by. Two statements."""
    ids = frozenset(row.pk for row in rows)
    aliases = list(PrintAlias.objects.filter(person__in=ids).values_list("value", "value_key"))
    names = {key for _value, key in aliases} | {row.user_name_key for row in rows}
    own = {getattr(row, attribute.key_column) for row in rows for attribute in ATTRIBUTES}
    spellings = {value for value, _key in aliases} | {row.user_name for row in rows}
    values = {getattr(row, attribute.name) for row in rows for attribute in ATTRIBUTES}
    devices = Device.objects.filter(person__in=ids).values_list("pk", flat=True)
    return Known(
        ids,
        frozenset(names - {""}),
        frozenset(spellings - {""}),
        frozenset((names | own) - {""}),
        frozenset((spellings | values) - {""}),
        frozenset(devices),
    )


def erase_people(rows: Collection[PrintUser], now: datetime) -> None:
    """Erase the attributes of these rows, and delete their names, cards, PINs, devices, memberships and
    reviews. Each row stays, anonymized. Call with the rows locked.
    """
    ids = [row.pk for row in rows]
    for model in (PrintAlias, Credential, Device, GroupMembership, ReviewItem):
        model._default_manager.filter(person__in=ids).delete()
    for row in rows:
        for attribute in ATTRIBUTES:
            setattr(row, attribute.name, "")
            setattr(row, attribute.key_column, "")
        row.typed_addresses = []
        row.anonymised_at = now
        update_state(row, now)
        row.version += 1
        row.updated_at = now
        row.save()
