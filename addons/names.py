"""What installations are called: by the name an administrator gave them, else as their add-on is called."""

from collections.abc import Sequence

from django.utils.translation import override

from addons.base import AddonConfig, Text, addon_by_slug, all_addons
from addons.models import Installation
from addons.present import present_installations, present_of
from printmgmt.console.shell.extensions import extensions
from printmgmt.organizations.models import Organization
from printmgmt.people.names import name_key


def name_of(installation: Installation) -> str:
    """``Lyon``; without a name of its own ``Directory export``, and the second one ``Directory export 2``."""
    config = addon_by_slug(installation.slug)
    return installation.name or _name_without(config, installation)


def full_name_of(installation: Installation) -> str:
    """``Directory export, Lyon``: what it is and its name; without one of its own as `name_of`."""
    config = addon_by_slug(installation.slug)
    name = name_of(installation)
    return f"{config.verbose_name}, {name}" if config and installation.name else name


def set_name(installation: Installation, config: AddonConfig, name: str) -> None:
    """Set the columns of a name, empty for the add-on's own; nothing is saved.

    The add-on's own name in the reader's language counts as none, so that every reader sees it in theirs.
    """
    name = " ".join(name.split())
    installation.name = "" if name_key(name) == name_key(_name_without(config, installation)) else name
    with override(None):  # one key, whatever language is spoken
        installation.name_key = name_key(name_of(installation))


def with_installation_name(label: Text, installation: Installation, present: Sequence[Installation]) -> Text:
    """``Provisioning log``, or ``Provisioning log, Lyon`` where several of the add-on are present."""
    return label if len(present) == 1 else f"{label}, {name_of(installation)}"


def place_of(installation: Installation) -> str:
    """``Contoso``, or ``Contoso, Lyon`` beside others of the add-on: how the subject of a mail begins."""
    organization = installation.organization
    others = [row for row in present_of(organization, installation.slug) if row.pk != installation.pk]
    return f"{organization}, {name_of(installation)}" if others else str(organization)


def tile_title(installation: Installation, present: Sequence[Installation]) -> str:
    """The title of a dashboard tile: the name, where several are present behind what it is."""
    return name_of(installation) if len(present) == 1 else full_name_of(installation)


def source_names_of(organization: Organization) -> dict[str, str]:
    """Return what follows an add-on's name for a source, such as ``Lyon`` after ``Entra``: source → name.

    Only of add-ons that are present more than once. One query, which the menu shares; none where no add-on
    that brings people or groups allows that.
    """
    sources = dict(extensions.sources())
    slugs = [config.slug for config in all_addons() if config.allows_several and config.slug in sources]
    if not slugs:
        return {}
    rows = [row for row in present_installations(organization) if row.slug in slugs]
    found = [row.slug for row in rows]
    return {row.source: name_of(row) for row in rows if found.count(row.slug) > 1}


def _name_without(config: AddonConfig | None, installation: Installation) -> str:
    if config is None:  # no longer part of this console
        return installation.slug
    name = str(config.verbose_name)
    return name if installation.number == 1 else f"{name} {installation.number}"
