"""Choosing members: what the search offers, and what stays chosen while it goes on."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from printmgmt.console.shell.picking import MOST
from printmgmt.deprovisioning import services as leaving
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintGroup, PrintUser
from tests import factories, many
from tests.printmgmt.console.groups.pages import DIRECTORY, group, put, url_of
from tests.printmgmt.console.people.pages import address

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(contoso: Organization) -> PrintUser:
    return factories.person(contoso, "ada", work_email="countess@contoso.example")


@pytest.fixture
def staff(contoso: Organization) -> PrintGroup:
    return group(contoso, "Staff")


def picks(client: Client, url: str, **query: object) -> tuple[list[str], list[str]]:
    """The names that are chosen, and those that were found."""
    found = client.get(url, query).context["picks"]
    return [str(choice.member) for choice in found.chosen], [str(choice.member) for choice in found.found]


def test_people_and_groups_are_offered_but_nobody_removed_and_not_the_group_itself(
    client: Client, contoso: Organization, ada: PrintUser, staff: PrintGroup
) -> None:
    group(contoso, "Sales")
    leaving.remove(factories.person(contoso, "gone"), by=factories.TESTER)
    factories.person(factories.organization("Fabrikam"), "stranger")

    assert picks(client, url_of(staff, "group_members")) == ([], ["ada", "Sales"])


def test_the_search_knows_names_user_names_and_e_mail(
    client: Client, contoso: Organization, ada: PrintUser, staff: PrintGroup
) -> None:
    group(contoso, "Countesses")
    url = url_of(staff, "group_members")

    assert picks(client, url, q="COUNTESS")[1] == ["ada", "Countesses"]
    assert picks(client, url, q="countess", kind="people")[1] == ["ada"]
    assert picks(client, url, q="countess", kind="groups")[1] == ["Countesses"]
    assert "No other matches" in client.get(url, {"q": "nul\0x"}).content.decode()


def test_what_is_chosen_stays_while_another_search_goes_on(
    client: Client, contoso: Organization, ada: PrintUser, staff: PrintGroup
) -> None:
    bob, sales = factories.person(contoso, "bob"), group(contoso, "Sales")
    url = url_of(staff, "group_members")

    assert picks(client, url, q="bob", pick=[ada.pk, sales.pk]) == (["ada", "Sales"], ["bob"])
    assert picks(client, url, pick=[ada.pk, bob.pk, "evil"]) == (["ada", "bob"], ["Sales"])


def test_who_is_in_the_group_already_is_shown_and_cannot_be_chosen(
    client: Client, ada: PrintUser, staff: PrintGroup
) -> None:
    put(staff, ada, by=DIRECTORY)

    html = client.get(url_of(staff, "group_members")).content.decode()

    assert "Already in the group" in html
    assert str(ada.pk) not in html


def test_a_search_that_finds_too_much_says_so(
    client: Client, contoso: Organization, staff: PrintGroup
) -> None:
    many.people(contoso, range(30))

    html = client.get(url_of(staff, "group_members")).content.decode()

    assert html.count('name="pick"') == 20
    assert "There are more. Refine your search." in html


def test_no_more_are_chosen_than_an_address_holds(
    client: Client, contoso: Organization, staff: PrintGroup
) -> None:
    people = many.people(contoso, range(MOST + 1))

    html = client.get(
        url_of(staff, "group_members"), {"pick": [person.pk for person in people[:MOST]]}
    ).content.decode()

    assert "You cannot add more at once." in html
    assert len(re.findall(r'name="pick"[^>]*checked', html)) == MOST
    assert len(re.findall(r'name="pick"[^>]*disabled', html)) == 1


def test_choosing_costs_the_same_at_3_and_3000_rows(
    client: Client, contoso: Organization, ada: PrintUser, staff: PrintGroup
) -> None:
    urls = url_of(staff, "group_members"), address(ada, "person_groups")

    def queries() -> list[int]:
        counts = []
        for url in urls:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(url, {"pick": [ada.pk]}).status_code == 200
            counts.append(len(captured))
        return counts

    def more(numbers: range) -> None:
        many.people(contoso, numbers)
        many.groups(contoso, numbers)

    more(range(3))
    queries()  # the first request of a session costs more
    at_3 = queries()
    more(range(3, 3_000))

    assert queries() == at_3 == [12, 9]
