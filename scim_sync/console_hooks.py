"""What the add-on shows in the core's pages."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from addons.models import Installation
from printmgmt.console.extensions import DashboardTile, Extensions, PersonPanel, Source
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser
from printmgmt.people.services import EDITABLE_FIELDS
from scim_sync import health
from scim_sync.facts import ICON, NAME, SLUG
from scim_sync.models import ProvisioningEvent

LAST_EVENTS = 20


def register(console: Extensions) -> None:
    """Hang everything into the console; called once at start."""
    console.register_source(SLUG, Source(_("Entra"), ICON))
    console.register_dashboard_tiles(health_tile)
    console.register_person_panels(events_panel)
    console.register_owned_fields(owned_fields)


def health_tile(organization: Organization) -> Iterator[DashboardTile]:
    """How the sync is doing, where it is installed."""
    installation = Installation.objects.present().filter(organization=organization, slug=SLUG).first()
    if installation is not None:
        context = {"addon": SLUG, "organization": organization.slug, "health": health.check(installation)}
        yield DashboardTile(NAME, "scim_sync/_tile.html", context)


def events_panel(person: PrintUser) -> Iterator[PersonPanel]:
    """The last provisioning events of a person, if there are any."""
    events = list(ProvisioningEvent.objects.filter(person=person).order_by("-last_at", "-id")[:LAST_EVENTS])
    if events:
        yield PersonPanel(_("Provisioning events"), "scim_sync/_person_events.html", {"events": events})


def owned_fields(person: PrintUser) -> Iterator[str]:
    """Fields the directory owns: a change made here would be overwritten, or never noticed."""
    if person.source.startswith(f"{SLUG}:"):
        yield from EDITABLE_FIELDS
