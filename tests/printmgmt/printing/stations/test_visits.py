"""A visit begins with a card or a PIN, ends by itself, and ends at once when the person leaves."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from printmgmt.audit.models import AuditEvent
from printmgmt.deprovisioning import services as leaving
from printmgmt.organizations.models import FailedAttempt
from printmgmt.people.models import PrintUser
from printmgmt.printing.models import Printer, Station
from printmgmt.printing.stations.errors import Locked, NotRecognized, VisitOver
from printmgmt.printing.stations.limits import AT_STATION, PIN_EVERYWHERE, PIN_HERE, SAME_AGAIN
from printmgmt.printing.stations.visits import IDLE, LONGEST, begin_visit, continue_visit
from tests import factories
from tests.due import outbox
from tests.printmgmt.printing import equipment
from tests.printmgmt.printing.stations.conftest import CARD, PIN

NAME = "ada@contoso.example"
QUERIES = 8


@pytest.fixture
def other(hall: Printer) -> Station:
    return equipment.station(hall, "Other")[0]


@pytest.mark.parametrize(
    "proof",
    [
        {"card": CARD},
        {"card": "04cafe02"},
        {"user_name": NAME, "pin": PIN},
        {"user_name": NAME.upper(), "pin": PIN},
        {"card": CARD, "pin": PIN},
    ],
)
def test_a_card_or_a_name_with_a_pin_begins_a_visit(
    proof: dict[str, str], ada: PrintUser, station: Station
) -> None:
    assert begin_visit(station, **proof).person == ada


@pytest.mark.parametrize(
    "proof",
    [
        {"card": "04CAFE03"},
        {"card": ""},
        {"card": "\ud800"},
        {"card": CARD, "pin": "000000"},
        {"user_name": NAME, "pin": "000000"},
        {"user_name": NAME, "pin": ""},
        {"user_name": NAME},
        {"user_name": "nobody@contoso.example", "pin": PIN},
        {"user_name": "\x00", "pin": PIN},
        {"user_name": "\ud800", "pin": "\ud800"},
        {"pin": PIN},
        {},
    ],
)
def test_anything_else_is_refused_with_the_same_words(
    proof: dict[str, str], ada: PrintUser, station: Station
) -> None:
    with pytest.raises(NotRecognized, match="Not recognized"):
        begin_visit(station, **proof)


def test_a_card_of_another_organization_is_unknown(ada: PrintUser) -> None:
    elsewhere, _token = equipment.station(
        equipment.printer(equipment.print_server(factories.organization("Fabrikam")))
    )
    with pytest.raises(NotRecognized):
        begin_visit(elsewhere, card=CARD)


def test_a_visit_goes_on_while_something_is_done(ada: PrintUser, station: Station) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        visit = begin_visit(station, card=CARD)
        for _turn in range(3):
            clock.shift(IDLE - timedelta(seconds=1))
            visit = continue_visit(station, visit.token())
        token = visit.token()
        clock.shift(IDLE + timedelta(seconds=1))
        with pytest.raises(VisitOver):
            continue_visit(station, token)


def test_a_visit_costs_two_queries_to_continue(
    ada: PrintUser, station: Station, django_assert_max_num_queries: Any
) -> None:
    token = begin_visit(station, card=CARD).token()
    with django_assert_max_num_queries(2):
        continue_visit(station, token)


@pytest.mark.parametrize("token", ["", "x", "\ud800", "a:b:c"])
def test_a_made_up_visit_is_over(
    token: str, station: Station, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0), pytest.raises(VisitOver):
        continue_visit(station, token)


def test_a_visit_means_nothing_at_another_station(ada: PrintUser, station: Station) -> None:
    assert station.printer is not None
    other, _token = equipment.station(station.printer)
    token = begin_visit(station, card=CARD).token()

    with pytest.raises(VisitOver):
        continue_visit(other, token)


@pytest.mark.parametrize("end", [leaving.suspend, leaving.block, leaving.remove])
def test_from_the_commit_of_a_leaving_on_everything_is_refused(
    end: Any, ada: PrintUser, station: Station
) -> None:
    token = begin_visit(station, card=CARD).token()

    end(ada, by=factories.TESTER)

    with pytest.raises(VisitOver):
        continue_visit(station, token)
    for proof in ({"card": CARD}, {"user_name": NAME, "pin": PIN}, {"card": CARD, "pin": PIN}):
        with pytest.raises(NotRecognized):
            begin_visit(station, **proof)


def test_a_visit_of_before_a_leaving_does_not_come_back_with_the_person(
    ada: PrintUser, station: Station
) -> None:
    token = begin_visit(station, card=CARD).token()
    leaving.suspend(ada, by=factories.TESTER)
    leaving.reactivate(PrintUser.objects.get(pk=ada.pk), by=factories.TESTER)

    with pytest.raises(VisitOver):
        continue_visit(station, token)
    assert begin_visit(station, card=CARD).person == ada


def wrong_pins(station: Station, number: int, user_name: str = NAME) -> None:
    for _attempt in range(number):
        with pytest.raises(NotRecognized):
            begin_visit(station, user_name=user_name, pin="000000")


def test_five_wrong_pins_lock_a_person_at_one_station_and_administrators_are_mailed_once(
    ada: PrintUser, station: Station, other: Station
) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        wrong_pins(station, PIN_HERE.failures - 1)
        begin_visit(station, user_name=NAME, pin=PIN)  # a right one in between buys no more
        wrong_pins(station, 1)

        for _again in range(3):
            with pytest.raises(Locked, match="15 minutes"):
                begin_visit(station, user_name=NAME, pin=PIN)
        assert begin_visit(station, card=CARD).person == ada  # the card still works
        assert begin_visit(other, user_name=NAME, pin=PIN).person == ada  # and so does the PIN elsewhere

        [mail] = outbox()
        assert mail.subject == "Contoso: too many wrong PINs for Ada"
        assert station.name not in mail.subject
        assert "refused there for up to 15 minutes" in " ".join(str(mail.body).split())
        assert "000000" not in str(mail.body)
        assert AuditEvent.objects.get(verb="station.locked").object_id == str(ada.pk)

        clock.shift(PIN_HERE.within + timedelta(seconds=1))
        assert begin_visit(station, user_name=NAME, pin=PIN).person == ada


def test_wrong_pins_at_several_stations_lock_a_person_at_all_of_them(
    ada: PrintUser, station: Station, other: Station, hall: Printer
) -> None:
    third, _token = equipment.station(hall, "Third")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        wrong_pins(station, PIN_HERE.failures - 1)
        wrong_pins(other, PIN_HERE.failures - 1)
        wrong_pins(third, PIN_EVERYWHERE.failures - 2 * (PIN_HERE.failures - 1))

        for where in (station, other, third):
            with pytest.raises(Locked, match="60 minutes"):
                begin_visit(where, user_name=NAME, pin=PIN)
        [mail] = outbox()
        assert "refused at all stations for up to an hour" in " ".join(str(mail.body).split())

        clock.shift(PIN_EVERYWHERE.within + timedelta(seconds=1))
        assert begin_visit(third, user_name=NAME, pin=PIN).person == ada


def test_who_goes_on_slowly_is_mailed_about_once_an_hour(ada: PrintUser, station: Station) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _attempt in range(PIN_EVERYWHERE.failures - 1):
            wrong_pins(station, 1)
            clock.shift(PIN_HERE.within / (PIN_HERE.failures - 1) - timedelta(seconds=1))

        assert len(outbox()) == 1


def test_a_card_with_wrong_pins_names_its_holder(ada: PrintUser, station: Station) -> None:
    for _attempt in range(PIN_HERE.failures):
        with pytest.raises(NotRecognized):
            begin_visit(station, card=CARD, pin="000000")

    with pytest.raises(Locked):
        begin_visit(station, card=CARD, pin=PIN)
    [mail] = outbox()
    assert mail.subject == "Contoso: too many wrong PINs for Ada"


def test_a_name_that_nobody_has_is_locked_alike_and_nobody_is_mailed(
    ada: PrintUser, station: Station
) -> None:
    wrong_pins(station, PIN_HERE.failures, "271828")  # a PIN in the wrong field

    with pytest.raises(Locked):
        begin_visit(station, user_name="271828", pin=PIN)
    assert outbox() == []
    assert not AuditEvent.objects.filter(verb="station.locked").exists()


def test_a_program_that_tries_card_numbers_locks_its_station_only(
    ada: PrintUser, station: Station, other: Station
) -> None:
    for number in range(AT_STATION.failures):
        with pytest.raises(NotRecognized):
            begin_visit(station, card=f"04{number:06}")

    with pytest.raises(Locked):
        begin_visit(station, card=CARD)
    assert begin_visit(other, card=CARD).person == ada
    [mail] = outbox()
    assert mail.subject == "Contoso: too many wrong cards or PINs at Hall"


def test_one_pin_tried_with_many_names_locks_the_station(ada: PrintUser, station: Station) -> None:
    for number in range(AT_STATION.failures):
        wrong_pins(station, 1, f"person{number}@contoso.example")

    with pytest.raises(Locked):
        begin_visit(station, user_name=NAME, pin=PIN)


def test_the_same_wrong_card_again_and_again_locks_nobody_else(ada: PrintUser, station: Station) -> None:
    for _attempt in range(SAME_AGAIN.failures):
        with pytest.raises(NotRecognized):
            begin_visit(station, card="0999")

    with pytest.raises(Locked):
        begin_visit(station, card="09:99")
    assert begin_visit(station, card=CARD).person == ada
    assert begin_visit(station, user_name=NAME, pin=PIN).person == ada
    assert outbox() == []


def test_visits_that_succeed_are_not_counted(ada: PrintUser, station: Station) -> None:
    visits = [begin_visit(station, card=CARD) for _visit in range(AT_STATION.failures + 5)]

    assert {visit.person for visit in visits} == {ada}
    assert not FailedAttempt.objects.exists()


def test_a_visit_ends_after_a_while_whatever_is_done(ada: PrintUser, station: Station) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        visit = begin_visit(station, card=CARD)
        for _turn in range(int(LONGEST / IDLE) - 1):
            clock.shift(IDLE)
            visit = continue_visit(station, visit.token())
        clock.shift(timedelta(seconds=30))
        visit = continue_visit(station, visit.token())
        clock.shift(timedelta(seconds=31))
        with pytest.raises(VisitOver):
            continue_visit(station, visit.token())


@pytest.mark.parametrize("name", [NAME, "nobody@contoso.example"])
def test_a_name_that_nobody_has_costs_the_same_queries(
    name: str, ada: PrintUser, station: Station, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    # Old failures (3), whether it failed before, the count, its rows, the person, the PIN.
    with django_assert_num_queries(QUERIES), pytest.raises(NotRecognized):
        begin_visit(station, user_name=name, pin="000000")
