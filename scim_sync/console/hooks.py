"""What the add-on shows in the core's pages."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from addons.names import tile_title, with_installation_name
from addons.present import present_of
from printmgmt.console.shell.extensions import DashboardTile, Extensions, PeriodicTask, Source
from printmgmt.console.shell.navigation import NavigationItem, Section
from printmgmt.mail.kinds import register_kind
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser
from scim_sync.adapters.attributes import SCIM_NAMES
from scim_sync.console.attention import needs_of
from scim_sync.console.extension_texts import extension_texts, links_in_force
from scim_sync.console.leavings import leavings
from scim_sync.console.timeline import timeline
from scim_sync.facts import ICON, SLUG
from scim_sync.monitoring import health
from scim_sync.monitoring.client_secret_mails import ClientSecretExpires, ClientSecretIssuerGone
from scim_sync.monitoring.hints.mails import HintMail
from scim_sync.monitoring.token_mails import EndedTokenUsed, TokenExpires, TokenIssuerGone

MAINTAIN_SECONDS = 300.0
VERBS = {
    "federation.added": (_("Federation set up"), "plug-connected"),
    "federation.changed": (_("Federation changed"), "pencil"),
    "federation.ended": (_("Federation switched off"), "plug-connected-x"),
    "hint.dismissed": (_("Hint dismissed"), "eye-off"),
    "hint.shown": (_("Hint shown again"), "eye"),
}


def register(console: Extensions) -> None:
    """Register everything with the console; called once at start."""
    console.register_source(SLUG, Source(_("Entra"), ICON))
    console.register_dashboard_tiles(health_tile)
    console.register_attention(needs_of)
    console.register_audit_words(verbs=VERBS, object_types={"federation": _("Federation"), "hint": _("Hint")})
    console.register_timeline(timeline)
    console.register_leavings(leavings)
    console.register_owned_fields(owned_fields)
    console.register_person_texts(extension_texts, links_in_force)
    console.register_navigation(navigation)
    secrets = (ClientSecretExpires(), ClientSecretIssuerGone())
    for kind in (TokenExpires(), TokenIssuerGone(), EndedTokenUsed(), HintMail(), *secrets):
        register_kind(kind)
    console.register_periodic_task(PeriodicTask("scim-sync-maintain", "scim_sync.maintain", MAINTAIN_SECONDS))


def navigation(organization: Organization) -> Iterator[NavigationItem]:
    """The provisioning log and the review queue, where the add-on is installed."""
    present = present_of(organization, SLUG)
    for installation in present:
        kwargs = {"installation": str(installation.pk)}
        label = with_installation_name(_("Review queue"), installation, present)
        yield NavigationItem(label, "scim_sync:review", "list-check", 35, kwargs=kwargs)
        yield NavigationItem(
            with_installation_name(_("Provisioning log"), installation, present),
            "scim_sync:log",
            "list-details",
            20,
            section=Section.ADDONS,
            kwargs=kwargs,
        )


def health_tile(organization: Organization) -> Iterator[DashboardTile]:
    """How the sync is doing, where it is installed."""
    present = present_of(organization, SLUG)
    for installation in present:
        context = {"installation": installation, "health": health.check(installation)}
        yield DashboardTile(tile_title(installation, present), "scim_sync/_tile.html", context)


def owned_fields(person: PrintUser) -> Iterator[str]:
    """Attributes the directory owns: a change made here would be overwritten, or never noticed."""
    if person.source.startswith(f"{SLUG}:"):
        yield from SCIM_NAMES
