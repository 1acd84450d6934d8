"""Stations are added, changed and removed; a token opens until it is replaced or its station is removed."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from printmgmt.audit.models import AuditEvent
from printmgmt.log_masking import OUR_TOKENS
from printmgmt.organizations.models import Organization
from printmgmt.printing.models import Printer, Station
from printmgmt.printing.stations.errors import StationError, StationNameTaken
from printmgmt.printing.stations.managing import (
    add_station,
    change_station,
    find_station,
    note_contact,
    remove_station,
    replace_token,
)
from tests import factories
from tests.factories import TESTER
from tests.printmgmt.printing import equipment


def test_a_station_is_found_by_its_token_in_one_query_and_only_by_all_of_it(
    hall: Printer, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    station, token = equipment.station(hall)
    wrong = f"{token[:-1]}{'0' if token[-1] != '0' else '1'}"

    with django_assert_num_queries(1):
        found = find_station(token)
        assert found is not None
        assert (found.organization, found.printer and found.printer.server) == (
            hall.organization,
            hall.server,
        )

    assert found == station
    assert find_station(wrong) is None
    assert token not in str(list(Station.objects.values()))
    assert OUR_TOKENS.sub("", token) == ""  # no log shows it


def test_a_new_token_replaces_the_old_one_at_once(hall: Printer) -> None:
    station, old = equipment.station(hall)

    new = replace_token(station, by=TESTER)

    assert find_station(old) is None
    assert find_station(new) == station


def test_a_removed_station_is_refused_and_its_name_is_free(hall: Printer) -> None:
    station, token = equipment.station(hall, "Hall")

    remove_station(station, by=TESTER)
    remove_station(station, by=TESTER)

    assert find_station(token) is None
    equipment.station(hall, "Hall")
    assert AuditEvent.objects.filter(verb="station.removed").count() == 1
    with pytest.raises(StationError, match="removed in the meantime"):
        replace_token(station, by=TESTER)


@pytest.mark.parametrize(("name", "why"), [("", "needs a name"), ("  ", "needs a name"), ("x" * 201, "200")])
def test_a_station_needs_a_name_of_some_length(name: str, why: str, hall: Printer) -> None:
    with pytest.raises(StationError, match=why):
        add_station(hall.organization, name, hall, by=TESTER)

    assert not Station.objects.exists()


def test_a_name_stands_once(hall: Printer) -> None:
    equipment.station(hall, "Hall")
    other, _token = equipment.station(hall, "Roof")

    with pytest.raises(StationNameTaken):
        equipment.station(hall, "Hall")
    with pytest.raises(StationNameTaken):
        change_station(other, name="Hall", printer=hall, by=TESTER)

    assert sorted(Station.objects.values_list("name", flat=True)) == ["Hall", "Roof"]


def test_a_station_stands_beside_a_printer_of_its_organization_that_is_there(hall: Printer) -> None:
    foreign = equipment.printer(equipment.print_server(factories.organization("Fabrikam")))
    missing = equipment.printer(hall.server, missing_since=timezone.now())

    for printer in (foreign, missing):
        with pytest.raises(StationError, match="A station cannot use this printer"):
            add_station(hall.organization, "Hall", printer, by=TESTER)


def test_a_change_keeps_the_token_and_no_change_is_not_recorded(contoso: Organization, hall: Printer) -> None:
    station, token = equipment.station(hall, "Hall")
    roof = equipment.printer(hall.server, "roof")

    change_station(station, name="Hall", printer=hall, by=TESTER)
    assert not AuditEvent.objects.filter(verb="station.changed").exists()
    change_station(station, name=" Roof ", printer=roof, by=TESTER)

    found = find_station(token)
    assert found is not None
    assert (found.name, found.printer) == ("Roof", roof)
    recorded = AuditEvent.objects.get(verb="station.changed")
    assert recorded.details is not None
    assert recorded.details["name"] == ["Hall", "Roof"]


def test_contact_is_written_once_a_minute(
    hall: Printer, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    station, token = equipment.station(hall)
    note_contact(station, "192.0.2.1")
    again = find_station(token)
    assert again is not None

    with django_assert_num_queries(0):
        note_contact(again, "192.0.2.2")
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        note_contact(again, "192.0.2.3")

    station.refresh_from_db()
    assert station.last_used_address == "192.0.2.3"
