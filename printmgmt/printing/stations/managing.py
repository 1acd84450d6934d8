"""Adds, changes and removes stations."""

from datetime import timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from printmgmt.audit.actors import Actor
from printmgmt.audit.services import record
from printmgmt.organizations.models import Account, Organization
from printmgmt.people.constraints import violates
from printmgmt.printing.models import Printer, Station
from printmgmt.printing.stations.errors import StationError, StationNameTaken
from printmgmt.tokens.bearer import find_token, new_token

MARK: Final = "pmstation"
"""What every station's token begins with."""

NAME_LENGTH: Final = 200

_NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def add_station(
    organization: Organization, name: str, printer: Printer, *, by: Actor, account: Account | None = None
) -> tuple[Station, str]:
    """Add a station beside ``printer``; return it and its token, which cannot be read again.

    Raises StationNameTaken, StationError when the name is blank, too long or not printable, or the printer
    is gone.
    """
    _check(organization, name, printer)
    token = new_token(MARK)
    station = Station(
        organization=organization,
        name=name.strip(),
        printer=printer,
        prefix=token.prefix,
        digest=token.digest,
        issued_by=account,
    )
    _save(station)
    _record(station, "station.added", by=by, printer=printer.name)
    return station, token.text


@transaction.atomic
def change_station(station: Station, *, name: str, printer: Printer, by: Actor) -> Station:
    """Rename a station or put it beside another printer. Its token stays.

    Raises as `add_station` does, and StationError when it was removed in the meantime.
    """
    _check(station.organization, name, printer)
    locked = _lock(station)
    if (locked.name, locked.printer_id) == (name.strip(), printer.pk):
        return locked
    before = {"name": [locked.name, name.strip()]} if locked.name != name.strip() else {}
    locked.name, locked.printer = name.strip(), printer
    _save(locked)
    _record(locked, "station.changed", by=by, printer=printer.name, **before)
    return locked


@transaction.atomic
def replace_token(station: Station, *, by: Actor, account: Account | None = None) -> str:
    """Create a new token for a station and return it. The old one is refused from now on.

    Raises StationError when the station was removed.
    """
    locked = _lock(station)
    token = new_token(MARK)
    locked.prefix, locked.digest = token.prefix, token.digest
    locked.issued_by, locked.issued_at = account, timezone.now()
    locked.save(update_fields=["prefix", "digest", "issued_by", "issued_at"])
    _record(locked, "station.token-replaced", by=by)
    return token.text


@transaction.atomic
def remove_station(station: Station, *, by: Actor) -> None:
    """Remove a station: its token is refused from now on. Once more changes nothing."""
    removed = Station.objects.filter(pk=station.pk, revoked_at__isnull=True).update(revoked_at=timezone.now())
    if removed:
        _record(station, "station.removed", by=by)


def possible_printers(organization: Organization) -> QuerySet[Printer]:
    """The printers a station can stand beside: those there are, without stopped queues that only hold."""
    printers = Printer.objects.filter(organization=organization, server__removed_at__isnull=True)
    printers = printers.filter(missing_since__isnull=True, secure_since__isnull=True)
    return printers.select_related("server")


def find_station(token: str) -> Station | None:
    """The station with this token, with its organization, printer and print server; None when there is none.

    One query, and not cached: a removed station is refused from its next request on.
    """
    rows = Station.objects.select_related("organization", "printer__server")
    station = find_token(lambda prefix: rows.filter(prefix=prefix).first(), token, mark=MARK)
    return station if station is not None and station.is_live else None


def note_contact(station: Station, address: str | None) -> None:
    """Write when and from where a station called, at most once a minute."""
    now = timezone.now()
    if station.last_used_at is None or now - station.last_used_at >= _NOTED_EVERY:
        Station.objects.filter(pk=station.pk).update(last_used_at=now, last_used_address=address)


def _check(organization: Organization, name: str, printer: Printer) -> None:
    if not name.strip():
        raise StationError(_("A station needs a name."))
    if len(name.strip()) > NAME_LENGTH:
        raise StationError(_("A name may have at most %d characters.") % NAME_LENGTH)
    if not name.strip().isprintable():
        raise StationError(_("A name cannot contain line breaks or other invisible characters."))
    if not possible_printers(organization).filter(pk=printer.pk).exists():
        raise StationError(_("A station cannot use this printer. Choose another one."))


def _lock(station: Station) -> Station:
    rows = Station.objects.select_for_update(of=("self",)).select_related("organization")
    locked = rows.filter(pk=station.pk, revoked_at__isnull=True).first()
    if locked is None:
        raise StationError(_("This station was removed in the meantime. Add it again."))
    return locked


def _save(station: Station) -> None:
    try:
        with transaction.atomic():
            station.save()
    except IntegrityError as error:
        if violates(error, Station, "station_once"):
            raise StationNameTaken(_("Another station has this name.")) from error
        raise


def _record(station: Station, verb: str, *, by: Actor, **details: Any) -> None:
    record(
        station.organization,
        verb,
        by=by,
        object_type="station",
        object_id=station.pk,
        label=station.name,
        **details,
    )
