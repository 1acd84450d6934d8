"""How many wrong cards and PINs a station accepts before it refuses to check any."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from printmgmt.organizations.throttling import Attempt, Limit, Subject, TooManyFailures, count_attempt
from printmgmt.people.digests import card_key
from printmgmt.people.names import name_key
from printmgmt.printing.models import Station
from printmgmt.printing.stations.errors import Locked

LOCKED_FOR: Final = timedelta(minutes=15)

BY_PERSON: Final = Limit("station: person", 5, LOCKED_FOR)
"""For one userName, or one card that asks for a PIN, at all stations of the organization together."""

BY_STATION: Final = Limit("station: all attempts", 30, LOCKED_FOR)
"""For whatever is tried at one station: a program that tries card numbers stops here."""


def count_visit(station: Station, *, card: str | None, user_name: str | None, pin: str | None) -> Attempt:
    """Count an attempt to begin a visit before anything is checked.

    The userName counts as it was typed, whether a person has it or not, so that the limit does not tell which
    names exist. Raises Locked.
    """
    try:
        return count_attempt(_limits(station, card, user_name, pin))
    except TooManyFailures as error:
        raise Locked from error


def _limits(
    station: Station, card: str | None, user_name: str | None, pin: str | None
) -> Iterator[tuple[Limit, Subject]]:
    organization = str(station.organization_id)
    yield BY_STATION, (str(station.pk),)
    if pin is not None and card is not None:
        yield BY_PERSON, (organization, "card", card_key(card))
    if user_name is not None:
        yield BY_PERSON, (organization, "name", name_key(user_name))
