"""System checks of the installed add-ons: a broken one stops the start, not a customer's page."""

from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error
from django.utils.module_loading import import_string

from addons.base import Addon, AddonConfig, all_addons


def check_addons(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """addons.E001 slug used twice, E002 facts missing, E003 class, E004 urls or E005 a check not importable.

    Checks that an add-on names are run, too. They are imported here, since most processes run no checks.
    """
    addons = list(all_addons())
    slugs = Counter(getattr(config, "slug", "") for config in addons)
    found = [message for config in addons for message in _check(config, slugs)]
    for config in addons:
        for path in config.checks:
            try:
                check = import_string(path)
            except ImportError as error:
                found.append(Error(f"{path}: {error}", obj=config, id="addons.E005"))
            else:
                found += check(app_configs, **kwargs)
    return found


def _check(config: AddonConfig, slugs: Counter[str]) -> Iterator[CheckMessage]:
    missing = [fact for fact in ("slug", "summary", "addon_class") if not getattr(config, fact, "")]
    if missing:
        yield Error(f"{config.name} names no {', '.join(missing)}.", obj=config, id="addons.E002")
        return
    if slugs[config.slug] > 1:
        yield Error(
            f"The slug “{config.slug}” is used by {slugs[config.slug]} add-ons.", obj=config, id="addons.E001"
        )
    try:
        addon = import_string(config.addon_class)
    except ImportError as error:
        yield Error(f"{config.addon_class}: {error}", obj=config, id="addons.E003")
    else:
        if not (isinstance(addon, type) and issubclass(addon, Addon) and hasattr(addon, "settings_form")):
            yield Error(
                f"{config.addon_class} is no Addon with a settings_form.", obj=config, id="addons.E003"
            )
    for module in filter(None, (config.urls, *(api.urls for api in config.apis))):
        if not _exists(module):
            yield Error(
                f"{config.name} names urls that do not exist: {module}.", obj=config, id="addons.E004"
            )


def _exists(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ImportError:
        return False
