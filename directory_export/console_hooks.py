"""What the add-on shows in the core's pages, and what it wants run."""

from collections.abc import Iterator

from addons.models import Installation
from directory_export import health
from directory_export.facts import NAME, SLUG
from directory_export.nudges import SWEEP
from printmgmt.console.extensions import DashboardTile, Extensions, PeriodicTask
from printmgmt.organizations.models import Organization

SWEEP_EVERY = 30.0


def register(console: Extensions) -> None:
    """Hang everything into the console; called once at start."""
    console.register_dashboard_tiles(health_tile)
    console.register_periodic_task(PeriodicTask(SWEEP, SWEEP, SWEEP_EVERY))


def health_tile(organization: Organization) -> Iterator[DashboardTile]:
    """How the export is doing, where it is installed."""
    present = Installation.objects.present().select_related("organization")
    installation = present.filter(organization=organization, slug=SLUG).first()
    if installation is not None:
        context = {"addon": SLUG, "organization": organization.slug, "health": health.check(installation)}
        yield DashboardTile(NAME, "directory_export/_tile.html", context, order=110)
