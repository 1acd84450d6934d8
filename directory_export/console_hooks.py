"""What the add-on adds to pages of the core, and its periodic tasks."""

from collections.abc import Iterator
from typing import Any

from django.db.models.signals import post_save
from django.utils.translation import gettext_lazy as _

from addons.addresses import address_of
from addons.names import tile_title, with_installation_name
from addons.present import present_of
from directory_export import health
from directory_export.facts import ICON, SLUG
from directory_export.performing import Exports
from directory_export.pruning import prune_files
from directory_export.services import order_nightly, plan_again
from printmgmt.console.shell.extensions import Attention, DashboardTile, Extensions
from printmgmt.organizations.models import Organization
from printmgmt.work import sweeps

VERBS = {
    "export.requested": (_("Export requested"), "file-text"),
    "export.delivered": (_("Export delivered"), "send"),
    "export.failed": (_("Export failed"), "alert-triangle"),
    "export.downloaded": (_("Export downloaded"), "download"),
    "export.secret_set": (_("Export secret set"), "key"),
}


def register(console: Extensions) -> None:
    """Register everything in the console. Called once at startup."""
    console.register_dashboard_tiles(health_tile)
    console.register_attention(needs_of)
    console.register_audit_words(verbs=VERBS, object_types={"export": _("Export")})
    # Nightly orders first, so that they are performed in the same round.
    sweeps.register("directory_export.nights", order_nightly)
    sweeps.register_work(Exports())
    sweeps.register("directory_export.pruning", prune_files)
    post_save.connect(follow_the_clock, sender=Organization, dispatch_uid="directory_export.clock")


def follow_the_clock(
    instance: Organization, created: bool, update_fields: frozenset[str] | None, **_signal: Any
) -> None:
    """Receiver of ``post_save``: plan again when the organization's time zone may have changed."""
    if not created and (update_fields is None or "time_zone" in update_fields):
        plan_again(instance)


def needs_of(organization: Organization) -> Iterator[Attention]:
    """Yield an entry if an export failed or is overdue."""
    present = present_of(organization, SLUG)
    for installation in present:
        found = health.check(installation)
        if found.headline:
            text = with_installation_name(found.message, installation, present)
            yield Attention(text, address_of(installation), icon=ICON, urgent=True)


def health_tile(organization: Organization) -> Iterator[DashboardTile]:
    """Yield a tile with the health of the export, if it is installed."""
    present = present_of(organization, SLUG)
    for installation in present:
        context = {"installation": installation, "health": health.check(installation)}
        yield DashboardTile(
            tile_title(installation, present), "directory_export/_tile.html", context, order=110
        )
