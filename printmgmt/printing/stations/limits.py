"""How many wrong cards and PINs are accepted before none is checked (ADR 28).

What limits a person counts at one station first, so that who locks a colleague there by a joke locks nothing
elsewhere. What limits a station counts *different* cards and names, which is what guessing takes: the same
wrong card shown again and again locks itself and nobody else.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from printmgmt.organizations.throttling import (
    Attempt,
    Limit,
    Subject,
    TooManyFailures,
    count_attempt,
    has_failed,
)
from printmgmt.people.digests import card_key
from printmgmt.people.names import name_key
from printmgmt.printing.models import Station
from printmgmt.printing.stations.errors import Locked

PIN_HERE: Final = Limit("station: PIN, at one station", 5, timedelta(minutes=15))
"""For one userName, or one card with a PIN, at one station."""

PIN_EVERYWHERE: Final = Limit("station: PIN, at all stations", 10, timedelta(hours=1))
"""The same at all stations of the organization: a PIN of six digits is guessed 240 times a day at most."""

SAME_AGAIN: Final = Limit("station: the same again", 60, timedelta(minutes=15))
"""For one userName or card at one station. It remembers, too, what was tried, for `AT_STATION`."""

AT_STATION: Final = Limit("station: different ones", 60, timedelta(minutes=15))
"""For different cards and userNames at one station: a program that tries numbers or names stops here."""

TOLD: Final = Limit("station: administrators told", 1, timedelta(hours=1))
"""For mails about the same person, or the same station."""


def count_visit(station: Station, *, card: str | None, user_name: str | None, pin: str | None) -> Attempt:
    """Count an attempt to begin a visit before anything is checked.

    The userName counts as it was typed, whether a person has it or not, so that the limit does not tell which
    names exist. Raises Locked.
    """
    try:
        return count_attempt(_limits(station, card, user_name, pin))
    except TooManyFailures as error:
        raise Locked(max(limit.within for limit in error.limits)) from error


def may_tell(subject: Subject) -> bool:
    """Whether a mail may go out: one an hour for the same person or station."""
    try:
        count_attempt([(TOLD, subject)])
    except TooManyFailures:
        return False
    return True


def _limits(
    station: Station, card: str | None, user_name: str | None, pin: str | None
) -> Iterator[tuple[Limit, Subject]]:
    tried = ("card", card_key(card)) if card is not None else ("name", name_key(user_name or ""))
    here = (str(station.pk), *tried)
    if not has_failed(SAME_AGAIN, here):
        yield AT_STATION, (str(station.pk),)
    yield SAME_AGAIN, here
    if pin is not None:
        yield PIN_HERE, here
        yield PIN_EVERYWHERE, (str(station.organization_id), *tried)
