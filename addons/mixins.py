"""The one guard of every page that belongs to an installed add-on."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic.base import ContextMixin

from addons.base import Addon, AddonConfig, addon_by_slug
from addons.exceptions import Uninstalled
from addons.models import Installation
from addons.present import present_of
from printmgmt.console.shell.mixins import OrganizationMixin
from printmgmt.errors import Gone
from printmgmt.organizations.models import Administrator


class InstallationMixin(ContextMixin, OrganizationMixin):
    """Puts the installation in the URL on the view; 404 where the organization has none such at present.

    Templates get it as ``installation``, with the add-on's ``config``, ``is_past`` and ``one_of_several``:
    whether a page must say which one it is about (`addons/_title.html`).
    """

    installation: Installation
    config: AddonConfig
    is_past = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        config = addon_by_slug(kwargs["addon"])
        found = Installation.objects.filter(organization__slug=kwargs["organization"], slug=kwargs["addon"])
        found = found.past() if self.is_past else found.present()
        rows = found.select_related("organization", "installed_by")
        installation = rows.filter(pk=kwargs["installation"]).first()
        if config is None or installation is None:
            raise self._missing(request)
        self.config, self.installation = config, installation
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**self.about, **kwargs)

    @property
    def about(self) -> dict[str, Any]:
        """What templates get of the installation."""
        return {
            "installation": self.installation,
            "config": self.config,
            "is_past": self.is_past,
            "one_of_several": bool(self.installation.name) if self.is_past else bool(self.others),
        }

    @cached_property
    def others(self) -> list[Installation]:
        """The other present installations of this add-on; the page's menu has read them already."""
        present = present_of(self.organization, self.installation.slug)
        return [row for row in present if row.pk != self.installation.pk]

    def gone(self, error: Uninstalled) -> HttpResponse:
        """Say that someone was faster; the add-on has no page of its own any more."""
        messages.error(self.request, str(error))
        return redirect("addons:catalogue", organization=self.organization.slug)

    def _missing(self, request: HttpRequest) -> Http404:
        here = Administrator.objects.active().filter(organization__slug=self.kwargs["organization"])
        if not here.filter(account=request.user.pk).exists():
            return Http404()  # a stranger learns nothing about what is installed where
        return Gone(
            _(
                "This add-on is not installed, or was reinstalled in the meantime. Open it again under "
                "Add-ons."
            )
        )

    @property
    def addon(self) -> Addon:
        """The add-on's behavior, bound to this installation."""
        return self.config.bind(self.installation)


class PastInstallationMixin(InstallationMixin):
    """The same for an installation that was uninstalled: a page to be read."""

    is_past = True
    http_method_names = ["get", "head", "options"]
