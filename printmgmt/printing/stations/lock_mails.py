"""The mail that a person or a station is locked after too many wrong PINs or cards."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from printmgmt.audit.actors import system
from printmgmt.audit.services import record
from printmgmt.mail.kinds import NotNeeded
from printmgmt.mail.models import Mail
from printmgmt.mail.outbox import post
from printmgmt.organizations.moments import write_moment
from printmgmt.organizations.notices import Notice, organization_of
from printmgmt.organizations.throttling import Limit
from printmgmt.people.identification import holder_of
from printmgmt.people.models import PrintUser
from printmgmt.printing.models import Station
from printmgmt.printing.stations.limits import AT_STATION, PIN_EVERYWHERE, PIN_HERE, may_tell


def tell_locked(station: Station, last: frozenset[Limit], *, card: str | None, user_name: str | None) -> None:
    """Record that an attempt was the last one allowed, and mail administrators: once an hour for each.

    ``last`` are the limits that refuse further ones. A person who is locked is named by the card or userName
    that was tried; one that nobody has is not, since people type PINs into the wrong field.
    """
    if AT_STATION in last and may_tell((str(station.pk),)):
        _tell(station, None, AT_STATION)
    pin = PIN_EVERYWHERE if PIN_EVERYWHERE in last else PIN_HERE if PIN_HERE in last else None
    person = holder_of(station.organization, card=card, user_name=user_name) if pin else None
    if pin and person and may_tell((str(station.pk), pin.name, str(person.pk))):
        _tell(station, person, pin)


def _tell(station: Station, person: PrintUser | None, limit: Limit) -> None:
    record(
        station.organization,
        "station.locked",
        by=system("Release stations"),
        object_type="person" if person else "station",
        object_id=person.pk if person else station.pk,
        label=str(person or station),
        station=station.name,
    )
    about = {"station": str(station.pk), "limit": limit.name}
    if person:
        about["person"] = str(person.pk)
    post(StationLocked.name, about=about, organization=station.organization_id)


class StationLocked(Notice):
    """To the owners and administrators."""

    name = "printing.station-locked"

    def compose(self, mail: Mail) -> tuple[str, str]:
        organization = organization_of(mail)
        station = Station.objects.filter(pk=mail.about["station"]).first()
        if station is None:
            raise NotNeeded
        person = PrintUser.objects.filter(pk=mail.about.get("person")).first()
        names = {
            "organization": organization,
            "station": station,
            "person": person,
            "at": write_moment(mail.created_at),
        }
        if person is None:
            subject = _("%(organization)s: too many wrong cards or PINs at %(station)s")
            text = _(
                "Many different cards or user names were tried at the station %(station)s and none was right "
                "(%(at)s). It accepts none for up to 15 minutes. If this was unexpected, find out who "
                "was there."
            )
        else:
            subject = _("%(organization)s: too many wrong PINs for %(person)s")
            text = (
                _(
                    "Too many wrong PINs were typed for %(person)s, the last one at the station %(station)s "
                    "(%(at)s). The PIN is refused at all stations for up to an hour; a card alone still "
                    "works. If it was not %(person)s, assign a new PIN."
                )
                if mail.about.get("limit") == PIN_EVERYWHERE.name
                else _(
                    "Too many wrong PINs were typed for %(person)s at the station %(station)s (%(at)s). The "
                    "PIN is refused there for up to 15 minutes; a card alone still works. If it was not "
                    "%(person)s, assign a new PIN."
                )
            )
        url = settings.PUBLIC_URL + reverse("console:dashboard", args=[organization.slug])
        return subject % names, f"{text % names}\n\n{url}"
