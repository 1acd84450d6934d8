"""The menu shows the pages that exist to those who may see them, and marks where one is."""

import types

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from printmgmt.console.shell.navigation import (
    CORE_ITEMS,
    NavigationItem,
    NavigationSection,
    Section,
    landing,
    menu,
)
from printmgmt.organizations.roles import MANAGERS, Role


def page(request: HttpRequest, organization: str) -> HttpResponse:
    raise AssertionError("only its address is needed")


def urlconf(**namespaces: list[str]) -> types.ModuleType:
    module = types.ModuleType("urls_of_this_test")
    module.urlpatterns = [
        path(
            "o/<slug:organization>/",
            include(([path(f"{namespace}/{name}/", page, name=name) for name in names], namespace)),
        )
        for namespace, names in namespaces.items()
    ]
    return module


@pytest.fixture
def pages(settings) -> None:
    settings.ROOT_URLCONF = urlconf(
        console=["people", "person", "groups", "group_members", "leavers", "settings"],
        addons=["catalogue", "log"],
    )


def labels(sections) -> list[str]:
    return [str(entry.label) for section in sections for entry in section.entries]


def current(sections) -> list[str]:
    return [str(entry.label) for section in sections for entry in section.entries if entry.current]


@pytest.mark.usefixtures("pages")
def test_only_pages_that_exist_are_in_the_menu() -> None:
    shown = menu(CORE_ITEMS, organization="contoso", role=Role.OWNER, view_name="console:people")

    assert labels(shown) == ["People", "Groups", "Leavers", "Add-ons", "Settings"]
    assert shown[0].entries[0].url == "/o/contoso/console/people/"


@pytest.mark.usefixtures("pages")
def test_help_desk_does_not_see_what_managers_change_and_an_auditor_does() -> None:
    def shown(role: Role) -> list[NavigationSection]:
        return menu(CORE_ITEMS, organization="contoso", role=role, view_name="")

    assert labels(shown(Role.HELPDESK)) == ["People", "Groups", "Leavers", "Add-ons"]
    assert [section.label for section in shown(Role.HELPDESK)] == ["", "Extend"]
    assert labels(shown(Role.AUDITOR)) == ["People", "Groups", "Leavers", "Add-ons", "Settings"]


@pytest.mark.usefixtures("pages")
def test_a_persons_page_belongs_to_people() -> None:
    shown = menu(CORE_ITEMS, organization="contoso", role=Role.OWNER, view_name="console:person")

    assert current(shown) == ["People"]


@pytest.mark.usefixtures("pages")
def test_a_groups_pages_belong_to_groups() -> None:
    shown = menu(CORE_ITEMS, organization="contoso", role=Role.OWNER, view_name="console:group_members")

    assert current(shown) == ["Groups"]


@pytest.mark.usefixtures("pages")
def test_an_add_ons_own_entry_wins_over_the_catalogue() -> None:
    log = NavigationItem("Provisioning log", "addons:log", "list-details", 20, section=Section.ADDONS)

    shown = menu([*CORE_ITEMS, log], organization="contoso", role=Role.OWNER, view_name="addons:log")

    assert current(shown) == ["Provisioning log"]
    assert labels(shown)[3:5] == ["Add-ons", "Provisioning log"]


@pytest.mark.usefixtures("pages")
def test_an_entry_for_managers_is_hidden_from_the_help_desk() -> None:
    item = NavigationItem("Tokens", "addons:log", "key", 10, roles=MANAGERS)

    assert labels(menu([item], organization="contoso", role=Role.ADMIN, view_name="")) == ["Tokens"]
    assert menu([item], organization="contoso", role=Role.HELPDESK, view_name="") == []


@pytest.mark.usefixtures("pages")
def test_who_enters_an_organization_starts_on_its_first_page() -> None:
    assert landing("contoso") == "/o/contoso/console/people/"
