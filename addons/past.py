"""What is left of uninstalled add-ons: what they did, and what becomes of their people."""

from dataclasses import dataclass

from django.db.models import QuerySet

from addons.addresses import address_of
from addons.base import AddonConfig
from addons.models import Installation, Uninstallation
from addons.names import name_of
from printmgmt.organizations.models import Organization

SHOWN = 20
"""Past installations of an add-on that its page lists."""


@dataclass(frozen=True)
class Past:
    """An installation that was uninstalled. ``url`` leads to what it did, where the add-on shows that."""

    installation: Installation
    uninstallation: Uninstallation | None
    url: str


@dataclass(frozen=True)
class Unfinished:
    """The uninstalling of what was called ``name``: some of its people still wait for their turn."""

    name: str
    uninstallation: Uninstallation


def past_installations(organization: Organization, config: AddonConfig) -> list[Past]:
    """The former installations of an add-on, the latest first; one query."""
    found = organization.installations.past().filter(slug=config.slug).order_by("-uninstalled_at")
    rows = found.select_related("organization", "uninstallation", "installed_by")[:SHOWN]
    return [Past(row, getattr(row, "uninstallation", None), _history_url(row, config)) for row in rows]


def unfinished_uninstallations(organization: Organization) -> list[Unfinished]:
    """What a worker is still carrying out in this organization, the oldest first."""
    rows: QuerySet[Uninstallation] = Uninstallation.objects.filter(
        installation__organization=organization, reported_at__isnull=True, ended_at__isnull=True
    )
    return [
        Unfinished(name_of(row.installation), row)
        for row in rows.select_related("installation").order_by("ordered_at")
    ]


def _history_url(installation: Installation, config: AddonConfig) -> str:
    if not config.history_view:
        return ""
    return address_of(installation, config.history_view)
