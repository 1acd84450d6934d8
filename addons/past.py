"""What is left of uninstalled add-ons: what they did, and what becomes of their people."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse

from addons.base import AddonConfig, addon_by_slug
from addons.models import Installation, Uninstallation
from printmgmt.organizations.models import Organization

SHOWN = 20


@dataclass(frozen=True)
class Past:
    """An installation that was uninstalled. ``url`` leads to what it did, where the add-on shows that."""

    installation: Installation
    uninstallation: Uninstallation | None
    url: str


@dataclass(frozen=True)
class Leaving:
    """People of an uninstalled add-on who still wait for their turn."""

    name: str
    uninstallation: Uninstallation


def past_of(organization: Organization, config: AddonConfig) -> list[Past]:
    """The former installations of an add-on, the latest first; one query."""
    found = organization.installations.past().filter(slug=config.slug).order_by("-uninstalled_at")
    rows = found.select_related("organization", "uninstallation", "installed_by")[:SHOWN]
    return [Past(row, getattr(row, "uninstallation", None), _history(row, config)) for row in rows]


def leavings_of(organization: Organization) -> list[Leaving]:
    """What a worker is still carrying out in this organization."""
    rows: QuerySet[Uninstallation] = Uninstallation.objects.filter(
        installation__organization=organization, told_at__isnull=True, ended_at__isnull=True
    )
    return [
        Leaving(_name(row.installation.slug), row)
        for row in rows.select_related("installation").order_by("ordered_at")
    ]


def _history(installation: Installation, config: AddonConfig) -> str:
    if not config.history_view:
        return ""
    where = {"organization": installation.organization.slug, "installation": installation.pk}
    return reverse(config.history_view, kwargs=where)


def _name(slug: str) -> str:
    config = addon_by_slug(slug)
    return str(config.verbose_name) if config else slug
