"""All add-ons, Learn more, Add, and the details page of an installed one."""

from dataclasses import dataclass
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.generic import TemplateView

from addons.base import AddonConfig, addon_by_slug, all_addons
from addons.exceptions import AddonError, AlreadyInstalled
from addons.mixins import InstallationMixin
from addons.models import Installation
from addons.past import leavings_of, past_of
from addons.services import install
from printmgmt.console.shell.filters import FilteredMixin, Select
from printmgmt.console.shell.mixins import OrganizationMixin
from printmgmt.console.shell.navigation import Section
from printmgmt.console.shell.pages import Menu, page
from printmgmt.deprovisioning.policy import shown_policy
from printmgmt.organizations.permissions import LOOK, MANAGE_ADDONS, OVERSEE

INSTALLED, AVAILABLE = "installed", "available"


@dataclass(frozen=True)
class Offer:
    """An add-on as one organization sees it."""

    config: AddonConfig
    installation: Installation | None


@page("", "addons:catalogue", menu=Menu(gettext_lazy("Add-ons"), "puzzle", 10, Section.ADDONS))
class CatalogueView(FilteredMixin, TemplateView):
    """All add-ons: search and Installed/Available in the URL."""

    template_name = "addons/catalogue.html"
    roles = LOOK
    filters = (
        Select(
            "state",
            gettext_lazy("State"),
            gettext_lazy("All add-ons"),
            ((INSTALLED, gettext_lazy("Installed")), (AVAILABLE, gettext_lazy("Available"))),
        ),
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        installed = {row.slug: row for row in self.organization.installations.present()}
        found = [config for config in all_addons() if config.matches(self.search)]
        offers = [Offer(config, installed.get(config.slug)) for config in found]
        if wanted := self.value_of("state"):
            offers = [offer for offer in offers if bool(offer.installation) == (wanted == INSTALLED)]
        return super().get_context_data(**kwargs, offers=offers, leavings=leavings_of(self.organization))


class OfferMixin(OrganizationMixin):
    """A page about one add-on of the catalogue."""

    def get_config(self) -> AddonConfig:
        """The add-on in the URL, or 404."""
        config = addon_by_slug(self.kwargs["addon"])
        if config is None:
            raise Http404(_("There is no such add-on."))
        return config


@page("<slug:addon>/learn-more/", "addons:learn_more")
class LearnMoreView(OfferMixin, TemplateView):
    """What the add-on does, what it may do, and Add; below, what is left of former installations."""

    template_name = "addons/learn_more.html"
    roles = LOOK

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        config = self.get_config()
        installation = self.organization.installations.present().filter(slug=config.slug).first()
        return super().get_context_data(
            **kwargs,
            offer=Offer(config, installation),
            may_add=self.administrator.role in MANAGE_ADDONS,
            policy=shown_policy(self.organization),
            past=past_of(self.organization, config),
            leavings=leavings_of(self.organization),
        )


@page("<slug:addon>/add/", "addons:install")
@method_decorator(reauthentication_required(app="allauth.account"), name="post")
class InstallView(OfferMixin, View):
    """Add, after consent, by somebody who has shown lately who they are."""

    roles = MANAGE_ADDONS

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        config = self.get_config()
        where = {"organization": self.organization.slug, "addon": config.slug}
        if request.POST.get("consent") != "yes":
            messages.error(request, _("Agree to what the add-on may do before it is added."))
            return redirect(reverse("addons:learn_more", kwargs=where))
        try:
            install(self.organization, config, by=self.actor, account=self.account)
        except AlreadyInstalled as error:
            messages.info(request, str(error))
        except AddonError as error:
            messages.error(request, str(error))
            return redirect(reverse("addons:learn_more", kwargs=where))
        else:
            messages.success(request, _("%(addon)s was added.") % {"addon": config.verbose_name})
        return redirect(reverse("addons:details", kwargs=where))


@page("<slug:addon>/", "addons:details")
class DetailsView(InstallationMixin, TemplateView):
    """The installed add-on: its own part between our header and its state."""

    template_name = "addons/details.html"
    roles = LOOK

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        addon = self.addon
        return super().get_context_data(
            **kwargs,
            config=self.config,
            addon=addon,
            installation=self.installation,
            details_template=addon.details_template,
            health=addon.health(),
            may_manage=self.administrator.role in MANAGE_ADDONS,
            may_see_settings=self.administrator.role in OVERSEE,
            **addon.details(),
        )
