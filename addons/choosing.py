"""Which installation a command means: the only one of an add-on, or one of several by its name or id."""

from collections.abc import Iterable

from addons.base import AddonConfig
from addons.exceptions import NotChosen
from addons.models import Installation
from addons.names import name_of
from addons.present import present_of
from printmgmt.organizations.models import Organization
from printmgmt.people.names import name_key


def choose_installation(organization: Organization, config: AddonConfig, name: str = "") -> Installation:
    """Return the present installation that ``name``, its name or id, says; without it the only one.

    Raises NotChosen, which lists those there are, if there is none such or if it could be several.
    """
    present = present_of(organization, config.slug)
    found = [row for row in present if not name or is_called(row, name)]
    if len(found) == 1:
        return found[0]
    if not present:
        raise NotChosen(f"{config.verbose_name} is not installed in {organization.slug!r}")
    if name:
        raise NotChosen(f"No {config.verbose_name} is called {name!r}; there are {listed(present)}")
    raise NotChosen(f"Say which {config.verbose_name} by name or id; there are {listed(present)}")


def is_called(installation: Installation, name: str) -> bool:
    """Whether ``name`` is the installation's, in any letter case, or its id."""
    name = name.strip()
    return name_key(name) == name_key(name_of(installation)) or name.lower() == str(installation.pk)


def listed(installations: Iterable[Installation]) -> str:
    """Return names and ids for an error: ``'Lyon' (…) and 'Paris' (…)``."""
    return " and ".join(f"{name_of(row)!r} ({row.pk})" for row in installations)
