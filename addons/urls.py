"""Addresses of the catalogue, and the add-ons' own: console pages, and APIs under their prefix."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, include, path

from addons.base import all_addons
from addons.views.catalogue import CatalogueView, DetailsView, InstallView, LearnMoreView
from addons.views.operation import PauseView, ResumeView, SettingsView, UninstallView

CONSOLE = "o/<slug:organization>/add-ons/"


def _own_addresses() -> Iterator[URLResolver]:
    for config in all_addons():
        if config.urls:
            # The slug reaches the view as it does on the framework's own pages.
            yield path(f"{CONSOLE}{config.slug}/", include(config.urls), {"addon": config.slug})
        if config.api_urls:
            yield path(config.api_prefix, include(config.api_urls))


_framework: list[URLPattern] = [
    path("", CatalogueView.as_view(), name="catalogue"),
    path("<slug:addon>/learn-more/", LearnMoreView.as_view(), name="learn_more"),
    path("<slug:addon>/add/", InstallView.as_view(), name="install"),
    path("<slug:addon>/settings/", SettingsView.as_view(), name="settings"),
    path("<slug:addon>/pause/", PauseView.as_view(), name="pause"),
    path("<slug:addon>/resume/", ResumeView.as_view(), name="resume"),
    path("<slug:addon>/uninstall/", UninstallView.as_view(), name="uninstall"),
    path("<slug:addon>/", DetailsView.as_view(), name="details"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path(CONSOLE, include((_framework, "addons"))),
    *_own_addresses(),
]
