"""Looking after an installed add-on: its settings, pausing and resuming, uninstalling."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import FormView

from addons.addresses import ROUTE, address_of
from addons.exceptions import AddonError, Uninstalled
from addons.forms import NameForm, UninstallForm
from addons.mixins import InstallationMixin
from addons.names import name_of
from addons.services import configure, pause, rename, resume, uninstall
from printmgmt.console.people.access_words import leaving_words_of
from printmgmt.console.shell.pages import page
from printmgmt.console.shell.seen import is_stale
from printmgmt.console.shell.undo import success
from printmgmt.organizations.permissions import MANAGE_ADDONS, OVERSEE
from printmgmt.people.models import PrintUser


class CareMixin(InstallationMixin):
    """A page or change of an installed add-on, for those who manage the organization."""

    roles = MANAGE_ADDONS

    def where(self, name: str) -> str:
        """The address of another of the framework's pages about this add-on."""
        return address_of(self.installation, f"addons:{name}")


@page(f"{ROUTE}settings/", "addons:settings")
class SettingsView(CareMixin, FormView[Form]):
    """The add-on's own form; what was stored is what it shows."""

    template_name = "addons/settings.html"
    readers = OVERSEE

    def get_form_class(self) -> type[Form]:
        return self.addon.settings_form

    def get_initial(self) -> dict[str, Any]:
        return dict(self.installation.settings)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        addon = self.addon
        return super().get_context_data(
            **kwargs,
            may_change=self.administrator.role in self.roles,
            name_form=NameForm(initial={"name": name_of(self.installation)}),
            limits_template=addon.limits_template,
            **addon.limits(),
        )

    def form_valid(self, form: Form) -> HttpResponse:
        if is_stale(form):
            return self.form_invalid(form)
        try:
            configure(self.installation, form.cleaned_data, by=self.actor)
        except AddonError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        text = _("The settings are saved.") if form.has_changed() else _("No changes were made.")
        messages.success(self.request, text)
        return redirect(self.where("settings"))


@page(f"{ROUTE}rename/", "addons:rename")
class RenameView(CareMixin, View):
    """Call the installation something else."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        form = NameForm(request.POST)
        if not form.is_valid():
            messages.error(request, form.complaint)
            return redirect(self.where("settings"))
        try:
            renamed = rename(self.installation, form.cleaned_data["name"], by=self.actor)
        except Uninstalled as error:
            return self.gone(error)
        except AddonError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Renamed to “%(name)s”.") % {"name": name_of(renamed)})
        return redirect(self.where("settings"))


@page(f"{ROUTE}pause/", "addons:pause")
class PauseView(CareMixin, View):
    """Refuse the add-on's calls for now."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        named = {"addon": name_of(self.installation)}
        if self.installation.is_paused:
            messages.info(request, _("%(addon)s is already paused. No changes were made.") % named)
            return redirect(self.where("settings"))
        try:
            pause(self.installation, by=self.actor)
        except Uninstalled as error:
            return self.gone(error)
        text = _("%(addon)s is paused. It does nothing until you resume it.")
        success(request, text % named, undo_url=self.where("resume"))
        return redirect(self.where("settings"))


@page(f"{ROUTE}resume/", "addons:resume")
class ResumeView(CareMixin, View):
    """Take the add-on's calls again."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        named = {"addon": name_of(self.installation)}
        if not self.installation.is_paused:
            messages.info(request, _("%(addon)s is no longer paused. No changes were made.") % named)
            return redirect(self.where("settings"))
        try:
            resume(self.installation, by=self.actor)
        except Uninstalled as error:
            return self.gone(error)
        messages.success(request, _("%(addon)s is active again.") % named)
        return redirect(self.where("settings"))


@page(f"{ROUTE}uninstall/", "addons:uninstall")
@method_decorator(reauthentication_required(app="allauth.account"), name="post")
class UninstallView(CareMixin, FormView[UninstallForm]):
    """Says what each choice does, wants the add-on's name typed, and ends at the catalogue.

    Only who has shown lately who they are uninstalls; pausing, the emergency stop, never asks.
    """

    template_name = "addons/uninstall.html"
    form_class = UninstallForm

    def get_form_kwargs(self) -> dict[str, Any]:
        expected, brings_people = name_of(self.installation), self.addon.brings_people
        return {**super().get_form_kwargs(), "expected": expected, "brings_people": brings_people}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        people = PrintUser.objects.of(self.organization).live().filter(source=self.installation.source)
        return super().get_context_data(
            **kwargs,
            administrators=leaving_words_of(people, self.administrator) if self.addon.brings_people else [],
            others=self.others,
        )

    def form_valid(self, form: UninstallForm) -> HttpResponse:
        try:
            uninstall(self.installation, form.disposition, by=self.actor)
        except AddonError as error:
            messages.error(self.request, str(error))
        else:
            text = _(
                "%(addon)s was uninstalled. Its activity stays in the audit log and in people's histories."
            )
            messages.success(self.request, text % {"addon": name_of(self.installation)})
        return redirect("addons:catalogue", organization=self.organization.slug)
