"""The menu shows the pages to those who may see them, and marks where one is."""

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from printmgmt.console.shell.navigation import NavigationItem, NavigationSection, Section, landing, menu
from printmgmt.console.shell.pages import menu_items
from printmgmt.organizations.models import Organization
from printmgmt.organizations.roles import EVERYONE, MANAGERS, Role

CONTOSO = "/o/contoso/"
LYON, PARIS = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"


def log(label: str, installation: str, roles: frozenset[Role] = EVERYONE) -> NavigationItem:
    return NavigationItem(
        label,
        "scim_sync:log",
        "list-details",
        20,
        roles=roles,
        section=Section.ADDONS,
        kwargs={"installation": installation},
    )


@pytest.fixture(autouse=True)
def _pages_are_loaded() -> None:
    get_resolver()._populate()  # type: ignore[attr-defined]


def shown(role: Role = Role.OWNER, path: str = "", *more: NavigationItem) -> list[NavigationSection]:
    return menu([*menu_items(), *more], organization="contoso", role=role, path=f"{CONTOSO}{path}")


def labels(sections: list[NavigationSection]) -> list[str]:
    return [str(entry.label) for section in sections for entry in section.entries]


def current(sections: list[NavigationSection]) -> list[str]:
    return [str(entry.label) for section in sections for entry in section.entries if entry.current]


def test_the_pages_are_in_the_menu_in_their_order() -> None:
    sections = shown()

    order = ["Dashboard", "People", "Groups", "Leavers", "Add-ons", "Audit", "Administrators", "Settings"]
    assert [label for label in labels(sections) if label in order] == order
    assert sections[0].entries[1].url == "/o/contoso/people/"


def test_help_desk_does_not_see_what_managers_change_and_an_auditor_does() -> None:
    hidden = [label for label in labels(shown()) if label not in labels(shown(Role.HELPDESK))]

    assert hidden == ["Audit", "Administrators", "Settings"]
    assert [section.label for section in shown(Role.HELPDESK)] == ["", "Extend"]
    assert labels(shown(Role.AUDITOR)) == labels(shown())


@pytest.mark.parametrize(
    ("path", "entry"),
    [
        ("", "Dashboard"),
        ("people/", "People"),
        ("people/00000000-0000-4000-8000-000000000001/same/", "People"),
        ("groups/00000000-0000-4000-8000-000000000001/members/", "Groups"),
        ("leavers/00000000-0000-4000-8000-000000000001/", "Leavers"),
        ("administrators/roles/", "Administrators"),
        ("settings/policy/", "Settings"),
        ("add-ons/azure-ad-user-sync/settings/", "Add-ons"),
    ],
)
def test_a_page_belongs_to_the_entry_above_it(path: str, entry: str) -> None:
    assert current(shown(Role.OWNER, path)) == [entry]


def test_a_page_below_an_entry_that_who_looks_does_not_see_belongs_to_none() -> None:
    assert current(shown(Role.HELPDESK, "administrators/roles/")) == []


def test_an_add_ons_own_entry_wins_over_the_catalogue_and_over_another_installations() -> None:
    logs = (log("Log of Lyon", LYON), log("Log of Paris", PARIS))

    sections = shown(Role.OWNER, f"add-ons/azure-ad-user-sync/{PARIS}/log/7/", *logs)

    assert current(sections) == ["Log of Paris"]
    assert labels(sections)[-6:-3] == ["Add-ons", "Log of Lyon", "Log of Paris"]


def test_an_entry_for_managers_is_hidden_from_the_help_desk() -> None:
    item = log("Tokens", LYON, MANAGERS)

    assert labels(menu([item], organization="contoso", role=Role.ADMIN, path="")) == ["Tokens"]
    assert menu([item], organization="contoso", role=Role.HELPDESK, path="") == []


def test_who_enters_an_organization_starts_on_its_first_page() -> None:
    assert landing(menu_items(), "contoso") == CONTOSO


@pytest.mark.django_db
def test_a_page_marks_its_entry(client: Client, contoso: Organization) -> None:
    html = client.get(reverse("console:people", kwargs={"organization": contoso.slug})).content.decode()

    assert html.count('aria-current="page"') == 1
