"""One person at a station: how a visit begins, goes on and ends."""

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.core import signing

from printmgmt.people.identification import identify
from printmgmt.people.models import PersonState, PrintUser
from printmgmt.printing.models import Station
from printmgmt.printing.stations.errors import NotRecognized, VisitOver
from printmgmt.printing.stations.limits import count_visit
from printmgmt.printing.stations.lock_mails import tell_locked

LONGEST: Final = timedelta(minutes=15)
"""How long a visit lasts at most, whatever is done."""

IDLE: Final = timedelta(seconds=60)
"""How long a visit lasts after what was done last."""

_SALT = "printmgmt.station-visit"


@dataclass(frozen=True)
class Visit:
    """A person at a station."""

    station: Station
    person: PrintUser
    began: int
    """When it began, in seconds of Unix time."""

    def token(self) -> str:
        """A text by which the station continues this visit within the next minute; it is not stored.

        It is signed and names station, person, the person's epoch and the beginning, so that it ends with a
        leaving, means nothing at another station, and a copy of it cannot be kept alive.
        """
        named = [str(self.station.pk), str(self.person.pk), self.person.epoch, self.began]
        return signing.dumps(named, salt=_SALT)


def begin_visit(
    station: Station, *, card: str | None = None, user_name: str | None = None, pin: str | None = None
) -> Visit:
    """Begin a visit with a card, or with a userName and a PIN, or with a card and a PIN.

    Raises NotRecognized, Locked. Administrators are mailed when a person or the station is locked.
    """
    attempt = count_visit(station, card=card, user_name=user_name, pin=pin)
    person = identify(station.organization, card=card, user_name=user_name, pin=pin)
    if person is None:
        if attempt.last:
            tell_locked(station, attempt.last, card=card, user_name=user_name)
        raise NotRecognized
    attempt.forgive()
    return Visit(station, person, int(time.time()))


def continue_visit(station: Station, token: str) -> Visit:
    """The visit with this token. Two queries at most; raises VisitOver."""
    try:
        at_station, person_id, epoch, began = signing.loads(token, salt=_SALT, max_age=IDLE)
        person = PrintUser.objects.of(station.organization).filter(pk=UUID(person_id)).first()
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise VisitOver from error
    is_same = at_station == str(station.pk) and person is not None and person.epoch == epoch
    if not is_same or person is None or person.state != PersonState.ACTIVE:
        raise VisitOver
    if time.time() - began > LONGEST.total_seconds():
        raise VisitOver
    return Visit(station, person, began)
