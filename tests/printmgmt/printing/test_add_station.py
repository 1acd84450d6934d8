"""`manage.py add_station`: a script sets a station up without a browser."""

import json
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from printmgmt.audit.models import AuditEvent
from printmgmt.organizations.models import Organization
from printmgmt.printing.models import Printer, Station
from printmgmt.printing.stations.managing import find_station
from tests import factories
from tests.printmgmt.printing import equipment

pytestmark = pytest.mark.django_db


@pytest.fixture
def contoso(db: None) -> Organization:
    return factories.organization("Contoso")


@pytest.fixture
def hall(contoso: Organization) -> Printer:
    return equipment.printer(equipment.print_server(contoso), "hall")


def answer(of: Organization, name: str, printer: str) -> dict[str, Any]:
    """The line of JSON that the command prints."""
    out = StringIO()
    call_command("add_station", "--organization", of.slug, "--name", name, "--printer", printer, stdout=out)
    (line,) = out.getvalue().splitlines()
    read: dict[str, Any] = json.loads(line)
    return read


def test_the_station_is_added_and_its_token_printed(contoso: Organization, hall: Printer) -> None:
    printed = answer(contoso, "Entrance", "hall")

    station = find_station(printed.pop("token"))
    assert station is not None
    assert printed == {
        "station": str(station.pk),
        "name": "Entrance",
        "printer": "hall",
        "url": f"{settings.PUBLIC_URL}/station/",
    }
    assert station.printer == hall
    event = AuditEvent.objects.get(verb="station.added")
    assert event.details is not None
    assert event.details["actor"] == "manage.py add_station"


def test_one_of_several_printers_is_named_by_its_id(contoso: Organization, hall: Printer) -> None:
    other = equipment.printer(equipment.print_server(contoso), "hall")

    with pytest.raises(CommandError, match=f"Give its id: .*{other.pk}"):
        answer(contoso, "Entrance", "hall")
    assert answer(contoso, "Entrance", str(other.pk))["printer"] == "hall"


@pytest.mark.parametrize(
    ("printer", "words"),
    [("nowhere", "There are: hall"), ("00000000-0000-4000-8000-000000000000", "There is no printer")],
)
def test_a_printer_that_is_none_names_those_there_are(
    contoso: Organization, hall: Printer, printer: str, words: str
) -> None:
    with pytest.raises(CommandError, match=words):
        answer(contoso, "Entrance", printer)


def test_a_name_that_is_taken_is_refused(contoso: Organization, hall: Printer) -> None:
    answer(contoso, "Entrance", "hall")

    with pytest.raises(CommandError, match="Another station has this name"):
        answer(contoso, "Entrance", "hall")


@pytest.mark.parametrize(
    ("name", "printer"), [("\udcff", "hall"), ("Entrance", "\udcff"), ("En\ntrance", "hall")]
)
def test_bytes_that_are_no_text_are_refused(
    contoso: Organization, hall: Printer, name: str, printer: str
) -> None:
    """Python hands bytes of an argument that are no UTF-8 on as lone surrogates."""
    with pytest.raises(CommandError):
        answer(contoso, name, printer)
    assert not Station.objects.exists()
