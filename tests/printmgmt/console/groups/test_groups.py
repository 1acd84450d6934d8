"""The list of groups: counted, searched, filtered, exported."""

import pytest
from django.test import Client
from django.urls import reverse

from printmgmt.deprovisioning import services as leaving
from printmgmt.organizations.models import Organization
from printmgmt.organizations.roles import Role
from tests import factories
from tests.printmgmt.console.conftest import Page
from tests.printmgmt.console.groups.pages import DIRECTORY, group, put, url_of
from tests.printmgmt.console.shell.test_export import table

pytestmark = pytest.mark.django_db

ADD = reverse("console:group_add", kwargs={"organization": "contoso"})
LIST = reverse("console:groups", kwargs={"organization": "contoso"})


def shown(page: Page, **query: str) -> list[str]:
    """The names in the list, in its order."""
    parts = page("console:groups", query).split('<a class="person-name"')[1:]
    return [part.partition("<bdi>")[2].partition("</bdi>")[0] for part in parts]


def test_an_organization_without_groups_sees_where_they_come_from(page: Page) -> None:
    html = page("console:groups")

    assert "No groups yet" in html
    assert html.count(ADD) == 2
    assert 'type="search"' not in html


def test_an_auditor_is_not_offered_to_make_a_group(contoso: Organization) -> None:
    html = factories.signed_in(contoso, Role.AUDITOR).get(LIST).content.decode()

    assert "No groups yet" in html
    assert ADD not in html


def test_a_search_without_a_hit_offers_to_clear_it(page: Page, contoso: Organization) -> None:
    group(contoso, "Staff")

    html = page("console:groups", {"q": "nobody"})

    assert "No matches" in html
    assert 'value="nobody"' in html
    assert "Staff" not in html


@pytest.mark.parametrize("text", ["STRASSE", "straße", "leute", "nul\0"])
def test_groups_are_found_by_a_part_of_their_name(page: Page, contoso: Organization, text: str) -> None:
    group(contoso, "Leute der Nul-Straße" if "\0" not in text else "nul")
    group(contoso, "Staff")

    assert len(shown(page, q=text)) == 1


def test_groups_are_in_the_order_of_their_names_whatever_the_case(page: Page, contoso: Organization) -> None:
    for name in ("beta", "Alpha", "Gamma"):
        group(contoso, name)

    assert shown(page) == ["Alpha", "beta", "Gamma"]


def test_groups_are_filtered_by_source(page: Page, contoso: Organization) -> None:
    factories.installed(contoso)
    group(contoso, "Synced", by=DIRECTORY)
    group(contoso, "Local")

    assert shown(page) == ["Local", "Synced"]
    assert shown(page, source="console") == ["Local"]
    assert shown(page, source=factories.ADDON) == ["Synced"]
    assert shown(page, source="evil") == ["Local", "Synced"]


def test_a_link_shows_the_groups_somebody_is_in(page: Page, contoso: Organization) -> None:
    ada = factories.person(contoso, "ada")
    group(contoso, "Staff", ada)
    group(contoso, "Sales")
    stranger = factories.person(factories.organization("Fabrikam"))

    assert shown(page, person=str(ada.pk)) == ["Staff"]
    assert shown(page, person=str(stranger.pk)) == ["Sales", "Staff"]
    assert shown(page, person="evil") == ["Sales", "Staff"]


def test_a_person_put_in_twice_counts_once_and_a_removed_one_not_at_all(
    client: Client, contoso: Organization
) -> None:
    ada, bob = factories.person(contoso, "ada"), factories.person(contoso, "bob")
    staff = group(contoso, "Staff", ada, bob, group(contoso, "Sales"))
    put(staff, ada, by=DIRECTORY)
    leaving.remove(bob, by=factories.TESTER)

    rows = {row.display_name: row for row in client.get(LIST).context["rows"]}

    assert (rows["Staff"].people_count, rows["Staff"].group_count) == (1, 1)
    assert (rows["Sales"].people_count, rows["Sales"].group_count) == (0, 0)


def test_groups_of_another_organization_are_not_listed(page: Page) -> None:
    group(factories.organization("Fabrikam"), "Secret")

    assert shown(page, q="secret") == []


def test_the_export_holds_the_groups_the_filters_let_through(client: Client, contoso: Organization) -> None:
    ada = factories.person(contoso)
    hostile = group(contoso, "=1+3", ada, group(contoso, "Sales"))
    group(contoso, "Synced", by=DIRECTORY)

    rows = table(client.get(LIST, {"export": "csv", "source": "console"}))

    assert rows[0][:4] == ["Name", "People", "Groups", "Source"]
    assert [row[:4] for row in rows[1:]] == [["'=1+3", "1", "1", "console"], ["Sales", "0", "0", "console"]]
    assert rows[1][-1] == str(hostile.pk)


def test_a_row_leads_to_the_group(page: Page, contoso: Organization) -> None:
    staff = group(contoso)

    assert f'href="{url_of(staff)}"' in page("console:groups")
