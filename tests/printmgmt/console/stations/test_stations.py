"""Stations in the console: the list, a station's page, adding, changing, a new token, removing."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from printmgmt.audit.models import AuditEvent
from printmgmt.organizations.models import Organization
from printmgmt.organizations.roles import Role
from printmgmt.printing.models import Printer, Station
from printmgmt.printing.stations.managing import find_station, remove_station
from tests import factories
from tests.factories import TESTER
from tests.printmgmt.console.conftest import Page
from tests.printmgmt.printing import equipment

TOKEN = re.compile(r"pmstation_[0-9a-f]{12}_[0-9a-f]{64}")


@pytest.fixture
def hall(contoso: Organization) -> Printer:
    return equipment.printer(equipment.print_server(contoso), "hall", location="Ground floor")


def address(of: Organization, name: str, station: Station | None = None) -> str:
    named = {"station": station.pk} if station else {}
    return reverse(f"console:{name}", kwargs={"organization": of.slug, **named})


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_the_list_shows_printer_contact_and_token(page: Page, contoso: Organization, hall: Printer) -> None:
    silent, _token = equipment.station(hall, "Entrance")
    new, _token = equipment.station(hall, "Kitchen")
    Station.objects.filter(pk=silent.pk).update(last_used_at=timezone.now() - timedelta(hours=3))

    shown = page("console:stations")

    assert "Ground floor" in shown
    assert "No contact" in shown
    assert "3 hours ago" in shown
    assert "Never connected" in shown
    assert silent.prefix in shown
    assert new.digest not in shown


@pytest.mark.parametrize(
    ("state", "name"), [("new", "New"), ("online", "On"), ("silent", "Silent"), ("no-printer", "Lost")]
)
def test_the_list_is_narrowed_to_a_state(
    page: Page, contoso: Organization, hall: Printer, state: str, name: str
) -> None:
    gone = equipment.printer(hall.server, missing_since=timezone.now())
    contact = {"On": timedelta(minutes=1), "Silent": timedelta(minutes=11)}
    for each in ("New", "On", "Silent", "Lost"):
        station, _token = equipment.station(hall, f"Station {each}")
        Station.objects.filter(pk=station.pk).update(
            printer=gone if each == "Lost" else hall,
            last_used_at=timezone.now() - contact[each] if each in contact else None,
        )

    shown = page("console:stations", {"state": state})

    assert re.findall(r"<bdi>Station (\w+)</bdi>", shown) == [name]


@pytest.mark.parametrize("text", ["entrance", "hall", "ground"])
def test_a_search_finds_by_name_printer_and_location(
    page: Page, contoso: Organization, hall: Printer, text: str
) -> None:
    equipment.station(hall, "Entrance")
    equipment.station(equipment.printer(hall.server, "annex"), "Kitchen")

    shown = page("console:stations", {"q": text})

    assert "Entrance" in shown
    assert "Kitchen" not in shown


def test_removed_stations_and_those_of_others_are_not_shown(
    page: Page, contoso: Organization, hall: Printer
) -> None:
    removed, _token = equipment.station(hall, "Removed")
    remove_station(removed, by=TESTER)
    fabrikam = factories.organization("Fabrikam")
    equipment.station(equipment.printer(equipment.print_server(fabrikam)), "Foreign")

    shown = page("console:stations")

    assert "No stations yet" in shown
    assert "Foreign" not in shown


def test_a_new_station_shows_its_token_once(client: Client, contoso: Organization, hall: Printer) -> None:
    answer = client.post(address(contoso, "station_add"), {"name": "Entrance", "printer": str(hall.pk)})

    token = TOKEN.search(text(answer))
    assert token is not None
    station = find_station(token[0])
    assert station is not None
    assert (station.name, station.printer, station.organization) == ("Entrance", hall, contoso)
    assert "no-store" in answer.headers["Cache-Control"]
    assert f"{reverse('station_page:start')}" in text(answer)
    for name, of in (("stations", None), ("station", station)):
        assert not TOKEN.search(text(client.get(address(contoso, name, of))))
    assert station.issued_by is not None
    assert AuditEvent.objects.get(verb="station.added").object_id == str(station.pk)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"name": "", "printer": "HALL"}, "This field is required"),
        ({"name": "  ", "printer": "HALL"}, "This field is required"),
        ({"name": "x" * 201, "printer": "HALL"}, "at most 200 characters"),
        ({"name": "Entrance"}, "Choose the printer beside the station"),
        ({"name": "Entrance", "printer": "x"}, "Enter a valid UUID"),
        ({"name": "Entrance", "printer": "GONE"}, "no longer on its print server"),
        ({"name": "Entrance", "printer": "FOREIGN"}, "no longer on its print server"),
        ({"name": "Entrance", "printer": "QUEUE"}, "no longer on its print server"),
        ({"name": "Taken", "printer": "HALL"}, "Another station has this name"),
    ],
)
def test_what_cannot_be_added_says_why(
    client: Client, contoso: Organization, hall: Printer, form: dict[str, str], words: str
) -> None:
    foreign = equipment.printer(equipment.print_server(factories.organization("Fabrikam")))
    queue = equipment.secure_queue(hall.server, "follow-me", [hall])
    gone = equipment.printer(hall.server, missing_since=timezone.now())
    equipment.station(hall, "Taken")
    ids = {"HALL": hall.pk, "GONE": gone.pk, "FOREIGN": foreign.pk, "QUEUE": queue.pk}

    answer = client.post(
        address(contoso, "station_add"), {name: str(ids.get(value, value)) for name, value in form.items()}
    )

    assert words in text(answer)
    assert Station.objects.count() == 1


def test_a_search_among_2000_printers_keeps_the_chosen_one(
    client: Client, contoso: Organization, hall: Printer, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Printer.objects.bulk_create(
        Printer(organization=contoso, server=hall.server, name=f"queue{number:04}", uri=f"ipp://x/{number}")
        for number in range(2000)
    )
    with django_assert_num_queries(7):  # session, account, organization, menu; the chosen one, the others
        shown = text(client.get(address(contoso, "station_add"), {"q": "queue19", "printer": str(hall.pk)}))

    assert shown.count('name="printer"') == 21
    assert re.search(rf'value="{hall.pk}" checked', shown)
    assert "There are more" in shown


def test_a_station_is_renamed_and_moved_and_keeps_its_token(
    client: Client, contoso: Organization, hall: Printer
) -> None:
    station, token = equipment.station(hall, "Entrance")
    annex = equipment.printer(hall.server, "annex")

    client.post(address(contoso, "station_change", station), {"name": "Annex", "printer": str(annex.pk)})

    changed = find_station(token)
    assert changed is not None
    assert (changed.name, changed.printer) == ("Annex", annex)


def test_a_change_on_an_older_page_does_not_overwrite(
    client: Client, contoso: Organization, hall: Printer
) -> None:
    station, _token = equipment.station(hall, "Entrance")
    url = address(contoso, "station_change", station)
    seen = re.search(r'name="seen" value="(\w+)"', text(client.get(url)))
    assert seen is not None
    Station.objects.update(name="Lobby")

    answer = client.post(url, {"name": "Foyer", "printer": str(hall.pk), "seen": seen[1]})

    assert "someone else changed this" in text(answer)
    assert Station.objects.get().name == "Lobby"


def test_a_new_token_ends_the_old_one(client: Client, contoso: Organization, hall: Printer) -> None:
    station, old = equipment.station(hall, "Entrance")

    answer = client.post(address(contoso, "station_token", station))

    new = TOKEN.search(text(answer))
    assert new is not None
    assert find_station(new[0]) == station
    assert find_station(old) is None


def test_removing_says_that_the_token_cannot_come_back(
    client: Client, contoso: Organization, hall: Printer
) -> None:
    station, token = equipment.station(hall, "Entrance")
    assert "This cannot be undone" in text(client.get(address(contoso, "station", station)))

    answer = client.post(address(contoso, "station_remove", station), follow=True)

    assert "Entrance was removed" in text(answer)
    assert find_station(token) is None
    assert client.get(address(contoso, "station", station)).status_code == 404


def test_who_only_looks_sees_no_button(contoso: Organization, hall: Printer) -> None:
    station, _token = equipment.station(hall, "Entrance")
    helpdesk = factories.signed_in(contoso, Role.HELPDESK)

    for name, of in (("stations", None), ("station", station)):
        shown = text(helpdesk.get(address(contoso, name, of)))
        assert "Entrance" in shown
        for path in ("/add/", "/token/", "/remove/", "/change/"):
            assert path not in shown
