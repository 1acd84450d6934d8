"""Addresses of the catalogue, and the add-ons' own: console pages, and APIs under their prefix."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, include, path

from addons.base import all_addons
from printmgmt.console.shell.pages import addresses

CONSOLE = "o/<slug:organization>/add-ons/"


def _own_addresses() -> Iterator[URLResolver]:
    for config in all_addons():
        if config.urls:
            # The slug reaches the view as it does on the framework's own pages.
            below = f"{CONSOLE}{config.slug}/<uuid:installation>/"
            yield path(below, include(config.urls), {"addon": config.slug})
        for api in config.apis:
            yield path(api.prefix, include(api.urls))


urlpatterns: list[URLPattern | URLResolver] = [
    path(CONSOLE, include((addresses("addons.views"), "addons"))),
    *_own_addresses(),
]
