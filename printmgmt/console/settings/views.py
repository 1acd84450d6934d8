"""Settings: the organization, and the policy under which people leave."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from printmgmt.console.settings.forms import OrganizationForm, PolicyForm
from printmgmt.console.settings.organization import change_settings
from printmgmt.console.settings.policy_words import breaker_words, explained
from printmgmt.console.shell.mixins import OrganizationMixin
from printmgmt.console.shell.navigation import Section
from printmgmt.console.shell.pages import Menu, page
from printmgmt.console.shell.seen import is_stale
from printmgmt.deprovisioning.policy import change_policy, shown_policy
from printmgmt.deprovisioning.retention.coming import coming_up
from printmgmt.organizations.models import Organization
from printmgmt.organizations.permissions import CHANGE_SETTINGS, OVERSEE
from printmgmt.organizations.services import addresses_to_notify
from printmgmt.people.models import PersonState, PrintUser
from printmgmt.printing.models import Rematch


@page(
    "settings/", "console:settings", menu=Menu(gettext_lazy("Settings"), "settings", 30, Section.ORGANIZATION)
)
class SettingsView(OrganizationMixin, TemplateView):
    """Two forms; each is sent to a view of its own, which shows the page again when something is wrong."""

    template_name = "console/settings/settings.html"
    roles = CHANGE_SETTINGS
    readers = OVERSEE

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        policy = shown_policy(self.organization)
        active = PrintUser.objects.of(self.organization).filter(state=PersonState.ACTIVE)
        kwargs.setdefault("organization_form", OrganizationForm(instance=self.organization))
        kwargs.setdefault("policy_form", PolicyForm(policy=policy))
        return super().get_context_data(
            **kwargs,
            policy=policy,
            explained=explained(policy),
            breaker=breaker_words(policy),
            coming_up=coming_up(policy),
            rematch=Rematch.objects.filter(organization=self.organization).first(),
            seats_taken=active.count(),
            notified=addresses_to_notify(self.organization),
            may_change=self.administrator.role in CHANGE_SETTINGS,
        )


@page("settings/organization/", "console:settings_organization")
class OrganizationSettingsView(SettingsView):
    http_method_names = ("post",)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # A copy of its own: the form writes what was typed into it, and the page is headed by the name.
        form = OrganizationForm(request.POST, instance=Organization.objects.get(pk=self.organization.pk))
        if not form.is_valid() or is_stale(form):
            return self.render_to_response(self.get_context_data(organization_form=form))
        changes = change_settings(self.organization, form.cleaned_data, by=self.actor)
        if changes:
            messages.success(request, _("The organization's settings are saved."))
            if "match_local_part" in changes:
                messages.info(request, _("Past jobs are being matched again. This page shows how far it is."))
        else:
            messages.info(request, _("Nothing was different, so nothing was saved."))
        return redirect("console:settings", organization=self.organization.slug)


@page("settings/policy/", "console:settings_policy")
class PolicySettingsView(SettingsView):
    http_method_names = ("post",)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        before = shown_policy(self.organization)
        form = PolicyForm(request.POST, policy=before)
        if not form.is_valid() or is_stale(form):
            return self.render_to_response(self.get_context_data(policy_form=form))
        policy = change_policy(self.organization, form.cleaned_data, by=self.actor, account=self.account)
        if policy.version != before.version:
            text = _("Version %(version)d of the leaving policy applies to people who leave from now on.")
            messages.success(request, text % {"version": policy.version})
        else:
            messages.info(request, _("Nothing was different, so nothing was saved."))
        return redirect("console:settings", organization=self.organization.slug)
