"""All add-ons, Learn more, Add, and the details page of an installed one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.generic import TemplateView

from addons.addresses import ROUTE, address_of
from addons.base import AddonConfig, Health, addon_by_slug, all_addons
from addons.exceptions import AddonError, AlreadyInstalled
from addons.forms import AnotherForm, NameForm
from addons.mixins import InstallationMixin
from addons.models import Installation
from addons.names import name_of
from addons.past import past_installations, unfinished_uninstallations
from addons.present import present_of
from addons.services import install, rename
from printmgmt.console.shell.filters import FilteredMixin, Select
from printmgmt.console.shell.mixins import OrganizationMixin
from printmgmt.console.shell.navigation import Section
from printmgmt.console.shell.pages import Menu, page
from printmgmt.deprovisioning.policy import shown_policy
from printmgmt.organizations.models import Organization
from printmgmt.organizations.permissions import LOOK, MANAGE_ADDONS, OVERSEE

INSTALLED, AVAILABLE = "installed", "available"


@dataclass(frozen=True)
class Offer:
    """An add-on as one organization sees it, with its present installations there, the first first."""

    config: AddonConfig
    installations: Sequence[Installation]

    @property
    def is_addable(self) -> bool:
        """Whether it can be added, perhaps once more."""
        return self.config.allows_several or not self.installations

    @cached_property
    def states(self) -> list[tuple[Installation, Health]]:
        """How each one is doing, where there are several; a single one says so on its own page."""
        several = self.installations if len(self.installations) > 1 else []
        return [(row, self.config.bind(row).health()) for row in several]

    def form(self, data: QueryDict | None = None) -> NameForm:
        """The form for adding it, once more where it is installed."""
        if not self.installations:
            return NameForm(data)
        only = self.installations[0] if len(self.installations) == 1 else None
        return AnotherForm(data, first=name_of(only) if only and not only.name else "")


def offers_of(organization: Organization, configs: Iterable[AddonConfig]) -> list[Offer]:
    """These add-ons as an organization sees them; one query, with the page's menu."""
    return [Offer(config, present_of(organization, config.slug)) for config in configs]


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
        found = (config for config in all_addons() if config.matches(self.search))
        offers = offers_of(self.organization, found)
        if wanted := self.value_of("state"):
            offers = [offer for offer in offers if bool(offer.installations) == (wanted == INSTALLED)]
        unfinished = unfinished_uninstallations(self.organization)
        may_add = self.administrator.role in MANAGE_ADDONS
        return super().get_context_data(**kwargs, offers=offers, unfinished=unfinished, may_add=may_add)


class OfferMixin(OrganizationMixin):
    """A page about one add-on of the catalogue."""

    def get_config(self) -> AddonConfig:
        """The add-on in the URL, or 404."""
        config = addon_by_slug(self.kwargs["addon"])
        if config is None:
            raise Http404(_("This add-on does not exist."))
        return config


@page("<slug:addon>/learn-more/", "addons:learn_more")
class LearnMoreView(OfferMixin, TemplateView):
    """What the add-on does, what it may do, and Add; below, what is left of former installations."""

    template_name = "addons/learn_more.html"
    roles = LOOK

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        config = self.get_config()
        [offer] = offers_of(self.organization, [config])
        return super().get_context_data(
            **kwargs,
            offer=offer,
            may_add=self.administrator.role in MANAGE_ADDONS,
            policy=shown_policy(self.organization),
            past=past_installations(self.organization, config),
            unfinished=unfinished_uninstallations(self.organization),
            name_form=offer.form(),
        )


@page("<slug:addon>/add/", "addons:install")
@method_decorator(reauthentication_required(app="allauth.account"), name="post")
class InstallView(OfferMixin, View):
    """Add, after consent, by someone who has shown lately who they are."""

    roles = MANAGE_ADDONS

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        config = self.get_config()
        [offer] = offers_of(self.organization, [config])
        back = redirect("addons:learn_more", organization=self.organization.slug, addon=config.slug)
        if request.POST.get("consent") != "yes":
            messages.error(request, _("Confirm what the add-on may do before you add it."))
            return back
        if offer.installations and not request.POST.get("name"):  # sent twice, or by two administrators
            messages.info(request, _("%(addon)s is already installed.") % {"addon": config.verbose_name})
            return redirect(address_of(offer.installations[0]))
        form = offer.form(request.POST)
        if not form.is_valid():
            messages.error(request, form.complaint)
            return back
        try:
            made = self._install(offer, **form.cleaned_data)
        except AlreadyInstalled as error:
            messages.info(request, str(error))
            return back
        except AddonError as error:
            messages.error(request, str(error))
            return back
        messages.success(request, _("%(addon)s was added.") % {"addon": name_of(made)})
        return redirect(address_of(made))

    @transaction.atomic
    def _install(self, offer: Offer, name: str, first_name: str = "") -> Installation:
        """Install it, and call the first one as said. Raises AddonError."""
        if first_name:
            rename(offer.installations[0], first_name, by=self.actor)
        return install(self.organization, offer.config, by=self.actor, account=self.account, name=name)


@page(ROUTE, "addons:details")
class DetailsView(InstallationMixin, TemplateView):
    """The installed add-on: its own part between our header and its state."""

    template_name = "addons/details.html"
    roles = LOOK

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        addon = self.addon
        return super().get_context_data(
            **kwargs,
            addon=addon,
            details_template=addon.details_template,
            health=addon.health(),
            may_manage=self.administrator.role in MANAGE_ADDONS,
            may_see_settings=self.administrator.role in OVERSEE,
            **addon.details(),
        )
