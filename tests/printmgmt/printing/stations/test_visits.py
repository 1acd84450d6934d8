"""A visit begins with a card or a PIN, ends by itself, and ends at once when the person leaves."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from printmgmt.audit.models import AuditEvent
from printmgmt.deprovisioning import services as leaving
from printmgmt.people.models import PrintUser
from printmgmt.printing.models import Station
from printmgmt.printing.stations.errors import Locked, NotRecognized, VisitOver
from printmgmt.printing.stations.limits import BY_PERSON, BY_STATION, LOCKED_FOR
from printmgmt.printing.stations.visits import IDLE, begin_visit, continue_visit
from tests import factories
from tests.due import outbox
from tests.printmgmt.printing import equipment
from tests.printmgmt.printing.stations.conftest import CARD, PIN

NAME = "ada@contoso.example"


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


def test_five_wrong_pins_lock_a_person_at_every_station_and_administrators_are_mailed_once(
    ada: PrintUser, station: Station
) -> None:
    assert station.printer is not None
    other, _token = equipment.station(station.printer)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        wrong_pins(station, BY_PERSON.failures - 1)
        begin_visit(other, user_name=NAME, pin=PIN)  # a right one in between buys no more
        wrong_pins(other, 1)

        for where in (station, other, station):
            with pytest.raises(Locked, match="15 minutes"):
                begin_visit(where, user_name=NAME, pin=PIN)
        assert begin_visit(station, card=CARD).person == ada  # the card still works

        [mail] = outbox()
        assert mail.subject == "Contoso: too many wrong PINs for Ada"
        assert station.name not in mail.subject
        assert other.name in str(mail.body)
        assert "000000" not in str(mail.body)
        assert AuditEvent.objects.get(verb="station.locked").object_id == str(ada.pk)

        clock.shift(LOCKED_FOR + timedelta(seconds=1))
        assert begin_visit(station, user_name=NAME, pin=PIN).person == ada


def test_a_name_that_nobody_has_is_locked_alike_and_never_mailed(ada: PrintUser, station: Station) -> None:
    wrong_pins(station, BY_PERSON.failures, "271828")  # a PIN in the wrong field

    with pytest.raises(Locked):
        begin_visit(station, user_name="271828", pin=PIN)
    [mail] = outbox()
    assert "271828" not in mail.subject + str(mail.body)
    assert mail.subject == "Contoso: too many wrong cards or PINs at Hall"


def test_a_program_that_tries_card_numbers_locks_its_station_only(ada: PrintUser, station: Station) -> None:
    assert station.printer is not None
    other, _token = equipment.station(station.printer)
    for number in range(BY_STATION.failures):
        with pytest.raises(NotRecognized):
            begin_visit(station, card=f"04{number:06}")

    with pytest.raises(Locked):
        begin_visit(station, card=CARD)
    assert begin_visit(other, card=CARD).person == ada
    assert len(outbox()) == 1


def test_visits_that_succeed_are_not_counted(ada: PrintUser, station: Station) -> None:
    for _visit in range(BY_STATION.failures + 5):
        begin_visit(station, card=CARD)
