"""Ada with a card and a PIN, and a station."""

import pytest

from printmgmt.organizations.models import Organization
from printmgmt.people.credentials import set_card, set_pin
from printmgmt.people.models import PrintUser
from printmgmt.printing.models import Printer, Station
from tests import factories
from tests.printmgmt.printing import equipment

CARD, PIN = "04:CA:FE:02", "271828"


@pytest.fixture
def contoso(db: None) -> Organization:
    return factories.organization("Contoso")


@pytest.fixture
def hall(contoso: Organization) -> Printer:
    return equipment.printer(equipment.print_server(contoso), "hall", location="Ground floor")


@pytest.fixture
def station(hall: Printer) -> Station:
    return equipment.station(hall, "Hall")[0]


@pytest.fixture
def ada(contoso: Organization) -> PrintUser:
    person = factories.person(contoso, "ada@contoso.example", display_name="Ada")
    set_card(person, CARD, by=factories.TESTER)
    set_pin(person, PIN, by=factories.TESTER)
    return person
