"""What add-ons hang into the console comes out again, per organization or person, in order."""

from printmgmt.console.shell.extensions import DashboardTile, Extensions, PeriodicTask, PersonPanel, Source
from printmgmt.console.shell.navigation import NavigationItem
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser

CONTOSO = Organization(name="Contoso", slug="contoso")
FABRIKAM = Organization(name="Fabrikam", slug="fabrikam")


def test_navigation_is_asked_for_per_organization() -> None:
    extensions = Extensions()
    log = NavigationItem("Log", "addons:log", "history", 20)
    extensions.register_navigation(lambda organization: [log] if organization is CONTOSO else [])

    assert extensions.navigation(CONTOSO) == [log]
    assert extensions.navigation(FABRIKAM) == []


def test_tiles_and_panels_of_several_add_ons_come_in_their_order() -> None:
    extensions = Extensions()
    extensions.register_dashboard_tiles(lambda organization: [DashboardTile("Late", "late.html", order=200)])
    extensions.register_dashboard_tiles(lambda organization: [DashboardTile("Early", "early.html", order=1)])
    extensions.register_person_panels(lambda person: [PersonPanel("B", "b.html"), PersonPanel("A", "a.html")])

    assert [tile.title for tile in extensions.dashboard_tiles(CONTOSO)] == ["Early", "Late"]
    assert [panel.title for panel in extensions.person_panels(PrintUser())] == ["B", "A"]


def test_owned_fields_of_all_add_ons_are_joined() -> None:
    extensions = Extensions()
    extensions.register_owned_fields(lambda person: ["user_name", "active"])
    extensions.register_owned_fields(lambda person: ["active", "department"])

    assert extensions.owned_fields(PrintUser()) == {"user_name", "active", "department"}


def test_a_source_is_known_by_the_slug_before_its_installation() -> None:
    extensions = Extensions()
    entra = Source("Entra", "brand-windows")
    extensions.register_source("azure-ad-user-sync", entra)

    assert extensions.source("azure-ad-user-sync:6f0f") is entra
    assert extensions.source("console") is None
    assert extensions.source("azure-ad-user-sync-2:6f0f") is None


def test_a_periodic_task_registered_twice_runs_once() -> None:
    extensions = Extensions()
    extensions.register_periodic_task(PeriodicTask("prune", "scim_sync.tasks.prune", 3600))
    extensions.register_periodic_task(PeriodicTask("prune", "scim_sync.tasks.prune", 60))

    assert extensions.periodic_tasks() == [PeriodicTask("prune", "scim_sync.tasks.prune", 60)]
