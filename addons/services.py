"""Installing, configuring, pausing and uninstalling: each one transaction of row, hook and audit event."""

from collections.abc import Mapping
from itertools import count
from typing import Any, Final

from django.db import transaction
from django.forms import Form
from django.utils import timezone
from django.utils.translation import gettext as _

from addons import gate, uninstalling
from addons.base import AddonConfig, addon_by_slug
from addons.disposition import Disposition
from addons.exceptions import AlreadyInstalled, InvalidSettings, NameTaken, Uninstalled, UnknownAddon
from addons.models import MOST_LETTERS, Installation, InstallationState
from addons.names import name_of, set_name
from printmgmt.audit.actors import Actor
from printmgmt.audit.services import record
from printmgmt.locks import lock_alone
from printmgmt.organizations.models import Account, Organization
from printmgmt.people.names import name_key

_NAMES: Final = "installations"
"""The lock for adding and renaming installations of an organization (ADR 21)."""


def get_addon(slug: str) -> AddonConfig:
    """The add-on with this slug. Raises UnknownAddon."""
    config = addon_by_slug(slug)
    if config is None:
        raise UnknownAddon(_("There is no add-on “%(slug)s”.") % {"slug": slug})
    return config


def validated_settings(config: AddonConfig, given: Mapping[str, Any]) -> dict[str, Any]:
    """The add-on's settings: its form's initial values overlaid with ``given``.

    Raises InvalidSettings naming the setting and what is wrong with it.
    """
    form_class: type[Form] = config.addon_type().settings_form
    initial = {name: field.initial for name, field in form_class.base_fields.items()}
    unknown = sorted(set(given) - set(initial))
    if unknown:
        raise InvalidSettings(
            _("Unknown setting “%(name)s”. Known settings: %(known)s.")
            % {"name": unknown[0], "known": ", ".join(initial)}
        )
    form = form_class(data={**initial, **given})
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        raise InvalidSettings(f"{name}: {' '.join(map(str, errors))}")
    return dict(form.cleaned_data)


@transaction.atomic
def install(
    organization: Organization,
    config: AddonConfig,
    *,
    by: Actor,
    account: Account | None = None,
    settings: Mapping[str, Any] | None = None,
    name: str = "",
) -> Installation:
    """Install an add-on in an organization and return the installation; without ``name`` as the add-on's.

    Raises AlreadyInstalled, NameTaken and InvalidSettings; a hook that raises leaves nothing behind.
    """
    values = validated_settings(config, settings or {})
    lock_alone(_NAMES, organization.pk)
    installation = Installation(
        organization=organization,
        slug=config.slug,
        number=_free_number(organization, config),
        settings=values,
        installed_by=account,
    )
    _set_free_name(installation, config, name)
    installation.save(force_insert=True)
    config.bind(installation).on_install(by=by)
    _record(installation, "addon.installed", by, settings=values)
    return installation


@transaction.atomic
def configure(installation: Installation, settings: Mapping[str, Any], *, by: Actor) -> Installation:
    """Change settings; the ones not given keep their value. Raises InvalidSettings."""
    installation = lock_installed(installation)
    config = get_addon(installation.slug)
    before = dict(installation.settings)
    installation.settings = validated_settings(config, {**before, **settings})
    changed = {
        name: [before.get(name), value]
        for name, value in installation.settings.items()
        if before.get(name) != value
    }
    if changed:
        installation.save(update_fields=["settings"])
        config.bind(installation).on_configure(by=by)
        _record(installation, "addon.configured", by, changes=changed)
    return installation


@transaction.atomic
def rename(installation: Installation, name: str, *, by: Actor) -> Installation:
    """Call an installation something else; empty: as its add-on. Raises NameTaken and InvalidSettings."""
    lock_alone(_NAMES, installation.organization_id)
    installation = lock_installed(installation)
    before = name_of(installation)
    _set_free_name(installation, get_addon(installation.slug), name)
    if (after := name_of(installation)) != before:
        installation.save(update_fields=["name", "name_key"])
        _record(installation, "addon.renamed", by, changes={"name": [before, after]})
    return installation


@transaction.atomic
def pause(installation: Installation, *, by: Actor) -> Installation:
    """Refuse the add-on's calls until it is resumed; nothing else changes. Waits for the running ones."""
    return _change_state(installation, InstallationState.PAUSED, "addon.paused", by)


@transaction.atomic
def resume(installation: Installation, *, by: Actor) -> Installation:
    """Take the add-on's calls again."""
    return _change_state(installation, InstallationState.ACTIVE, "addon.resumed", by)


@transaction.atomic
def uninstall(installation: Installation, people: Disposition, *, by: Actor) -> Installation:
    """Close an installation for good; ``people`` is what happens to those it brought. History stays.

    Its own access is gone when this returns. Many people wait for a worker (``installation.uninstallation``).
    """
    gate.close(installation)
    installation = lock_installed(installation)
    addon = get_addon(installation.slug).bind(installation)
    addon.on_uninstall(people, by=by)
    installation.state = InstallationState.UNINSTALLED
    installation.uninstalled_at = timezone.now()
    installation.save(update_fields=["state", "uninstalled_at"])
    _record(installation, "addon.uninstalled", by, people=people.value)
    if addon.brings_people:
        uninstalling.order(installation, people, by=by)
    return installation


def lock_installed(installation: Installation) -> Installation:
    """The row under lock. Raises Uninstalled when it is that in the meantime."""
    # Not the organization's lock, too: assigning a card holds that. Rows that point here are still written.
    rows = Installation.objects.select_for_update(of=("self",), no_key=True).select_related("organization")
    locked = rows.get(pk=installation.pk)
    if locked.state == InstallationState.UNINSTALLED:
        raise Uninstalled(_("The add-on was uninstalled in the meantime."))
    return locked


def _free_number(organization: Organization, config: AddonConfig) -> int:
    """The lowest number that no present installation of the add-on has. Raises AlreadyInstalled."""
    present = organization.installations.present().filter(slug=config.slug)
    taken = set(present.values_list("number", flat=True))
    if taken and not config.allows_several:
        raise AlreadyInstalled(_("%(addon)s is already installed.") % {"addon": config.verbose_name})
    return next(number for number in count(1) if number not in taken)


def _set_free_name(installation: Installation, config: AddonConfig, name: str) -> None:
    set_name(installation, config, name)
    if len(installation.name) > MOST_LETTERS:
        raise InvalidSettings(_("Enter at most %(limit)d characters.") % {"limit": MOST_LETTERS})
    others = installation.organization.installations.present().exclude(pk=installation.pk)
    called = name_key(name_of(installation))
    # By the key, and as the reader sees them: an add-on's own name is another one in each language.
    if any(other.name_key == installation.name_key or name_key(name_of(other)) == called for other in others):
        raise NameTaken(
            _("Another add-on already has the name “%(name)s”.") % {"name": name_of(installation)}
        )


def _change_state(installation: Installation, state: InstallationState, verb: str, by: Actor) -> Installation:
    gate.close(installation)
    installation = lock_installed(installation)
    if installation.state != state:
        installation.state = state
        if state == InstallationState.ACTIVE:
            installation.resumed_at = timezone.now()
        installation.save(update_fields=["state", "resumed_at"])
        _record(installation, verb, by)
    return installation


def _record(installation: Installation, verb: str, by: Actor, **details: Any) -> None:
    record(
        installation.organization,
        verb,
        by=by,
        object_type="installation",
        object_id=installation.pk,
        label=name_of(installation),
        **details,
    )
