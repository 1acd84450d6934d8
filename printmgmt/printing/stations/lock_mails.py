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
from printmgmt.people.models import PrintUser
from printmgmt.people.names import name_key
from printmgmt.printing.models import Station


def mail_locked(station: Station, user_name: str | None) -> None:
    """Record that a person (``user_name``) or all of the station (None) is locked, and mail administrators.

    A userName that no person has is not named: people type PINs into the wrong field.
    """
    person = None
    if user_name is not None:
        people = PrintUser.objects.of(station.organization).unmerged()
        person = people.filter(user_name_key=name_key(user_name), removed_at__isnull=True).first()
    about = {"station": str(station.pk), **({"person": str(person.pk)} if person else {})}
    locked = person or station
    record(
        station.organization,
        "station.locked",
        by=system("Release stations"),
        object_type="person" if person else "station",
        object_id=locked.pk,
        label=str(locked),
        station=station.name,
    )
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
                "Too many wrong cards or PINs were tried at the station %(station)s (%(at)s). It accepts "
                "none for 15 minutes. If you do not know why, look who was there."
            )
        else:
            subject = _("%(organization)s: too many wrong PINs for %(person)s")
            text = _(
                "Too many wrong PINs were typed for %(person)s at the station %(station)s (%(at)s). The PIN "
                "is refused for 15 minutes at all stations; a card still works. If it was not %(person)s, "
                "assign a new PIN."
            )
        url = settings.PUBLIC_URL + reverse("console:dashboard", args=[organization.slug])
        return subject % names, f"{text % names}\n\n{url}"
