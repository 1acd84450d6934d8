"""Tells the core where an organization's people come from."""

from collections.abc import Iterator

from addons.addresses import address_of
from addons.base import addon_by_slug
from addons.names import name_of
from addons.present import present_installations
from printmgmt.console.shell.extensions import PeopleSource
from printmgmt.organizations.models import Organization


def installed(organization: Organization) -> Iterator[PeopleSource]:
    """The installed add-ons that bring people, each with its details page."""
    for installation in present_installations(organization):
        config = addon_by_slug(installation.slug)
        if config is not None and config.addon_type().brings_people:
            yield PeopleSource(name_of(installation), address_of(installation))
