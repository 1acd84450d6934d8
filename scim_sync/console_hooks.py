"""What the add-on shows in the core's pages."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from printmgmt.console.extensions import Extensions, PersonPanel, Source
from printmgmt.people.models import PrintUser
from printmgmt.people.services import EDITABLE_FIELDS
from scim_sync.apps import AzureAdUserSyncConfig
from scim_sync.models import ProvisioningEvent

LAST_EVENTS = 20


def register(console: Extensions) -> None:
    """Hang everything into the console; called once at start."""
    console.register_source(AzureAdUserSyncConfig.slug, Source(_("Entra"), AzureAdUserSyncConfig.icon))
    console.register_person_panels(events_panel)
    console.register_owned_fields(owned_fields)


def events_panel(person: PrintUser) -> Iterator[PersonPanel]:
    """The last provisioning events of a person, if there are any."""
    events = list(ProvisioningEvent.objects.filter(person=person).order_by("-last_at", "-id")[:LAST_EVENTS])
    if events:
        yield PersonPanel(_("Provisioning events"), "scim_sync/_person_events.html", {"events": events})


def owned_fields(person: PrintUser) -> Iterator[str]:
    """Fields the directory owns: a change made here would be overwritten, or never noticed."""
    if person.source.startswith(f"{AzureAdUserSyncConfig.slug}:"):
        yield from EDITABLE_FIELDS
