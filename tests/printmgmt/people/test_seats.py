"""Seats: taken by being active for the first time, never refused to people who come back."""

from collections.abc import Callable

import pytest

from printmgmt.audit.models import AuditEvent
from printmgmt.deprovisioning import services as leaving
from printmgmt.organizations.models import Organization
from printmgmt.people.exceptions import SeatLimitReached
from printmgmt.people.models import PersonState, PrintUser
from tests import factories
from tests.factories import DIRECTORY, TESTER


@pytest.fixture
def full(contoso: Organization, fabrikam: Organization) -> Organization:
    """One seat, and someone on it; next door there is no limit."""
    factories.person(fabrikam)
    factories.person(contoso, "ada")
    contoso.seats = 1
    contoso.save()
    return contoso


def newcomer(of: Organization) -> PrintUser:
    """Made without ever having been active."""
    return factories.person(of, "new", by=DIRECTORY, active=False)


def blocked_newcomer(of: Organization) -> PrintUser:
    person = newcomer(of)
    leaving.block(person, by=TESTER)
    leaving.reactivate(person, by=DIRECTORY)
    return person


def removed_newcomer(of: Organization) -> PrintUser:
    person = newcomer(of)
    leaving.remove(person, by=DIRECTORY)
    return person


Act = Callable[..., object]

FIRST_TIMES: dict[str, tuple[Callable[[Organization], PrintUser], Act]] = {
    "directory": (newcomer, leaving.reactivate),
    "console": (newcomer, leaving.restore),
    "unblocked": (blocked_newcomer, leaving.unblock),
    "restored": (removed_newcomer, leaving.restore),
    "posted again": (removed_newcomer, leaving.reattach),
}


@pytest.mark.parametrize(("made", "act"), FIRST_TIMES.values(), ids=FIRST_TIMES)
def test_the_first_time_is_refused_without_a_seat_and_changes_nothing(
    full: Organization, made: Callable[[Organization], PrintUser], act: Act
) -> None:
    person = made(full)
    before = PrintUser.objects.filter(pk=person.pk).values().get()
    audited = AuditEvent.objects.count()

    with pytest.raises(SeatLimitReached, match="All 1 seats of Contoso are in use"):
        act(person, by=TESTER)

    assert PrintUser.objects.filter(pk=person.pk).values().get() == before
    assert AuditEvent.objects.count() == audited


@pytest.mark.parametrize(("made", "act"), FIRST_TIMES.values(), ids=FIRST_TIMES)
def test_the_first_time_takes_a_free_seat(
    full: Organization, made: Callable[[Organization], PrintUser], act: Act
) -> None:
    person = made(full)
    full.seats = 2
    full.save()

    act(person, by=TESTER)

    person.refresh_from_db()
    assert person.state == PersonState.ACTIVE
    assert person.first_active_at is not None
    with pytest.raises(SeatLimitReached):
        factories.person(full, "third")


def test_somebody_who_never_was_active_comes_back_inactive_without_a_seat(full: Organization) -> None:
    person = removed_newcomer(full)

    leaving.reattach(person, by=DIRECTORY, active=False)

    assert (person.state, person.first_active_at) == (PersonState.SUSPENDED, None)


@pytest.mark.parametrize(
    ("leave", "come_back"),
    [
        (leaving.suspend, leaving.restore),
        (leaving.suspend, leaving.reactivate),
        (leaving.block, leaving.unblock),
        (leaving.remove, leaving.restore),
        (leaving.remove, leaving.reattach),
    ],
)
def test_who_was_active_before_comes_back_whatever_the_seats_and_is_flagged(
    full: Organization, leave: Act, come_back: Act
) -> None:
    ada = PrintUser.objects.get(organization=full)
    leave(ada, by=TESTER)
    factories.person(full, "bob")

    come_back(ada, by=TESTER)

    assert ada.state == PersonState.ACTIVE
    event = AuditEvent.objects.latest("pk")
    assert event.details is not None
    assert event.details["over_seats"] == 1
