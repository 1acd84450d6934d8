"""Federation on the details page: trusts are added, changed and switched off."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import FormView

from addons.addresses import address_of
from addons.exceptions import Uninstalled
from addons.mixins import InstallationMixin
from printmgmt.console.shell.pages import page
from printmgmt.console.shell.seen import is_stale
from printmgmt.errors import Gone
from printmgmt.organizations.permissions import MANAGE_TOKENS
from scim_sync.console.trust_form import TrustForm
from scim_sync.credentials.ways import FEDERATION
from scim_sync.federation.exceptions import TrustError
from scim_sync.federation.issuers import read_issuer
from scim_sync.federation.keys import refresh, trouble_of
from scim_sync.federation.trusts import add_trust, change_trust, end_trust
from scim_sync.models import FederatedTrust


class FederationMixin(InstallationMixin):
    """A change of federation, for those who manage secret tokens."""

    roles = MANAGE_TOKENS

    @property
    def back_url(self) -> str:
        """The details page, where federation is unfolded."""
        return f"{address_of(self.installation)}#{FEDERATION}"

    @cached_property
    def trust(self) -> FederatedTrust:
        """The trust that the URL names. Raises Gone if the installation has no such one."""
        trust = FederatedTrust.objects.filter(installation=self.installation, pk=self.kwargs["trust"]).first()
        if trust is None:
            raise Gone(_("This federation does not exist."))
        trust.installation = self.installation  # with its organization
        return trust


class TrustFormView(FederationMixin, FormView[TrustForm]):
    """A form for issuer, subject and audience. Saving it reads the tenant's keys, and says if that fails."""

    form_class = TrustForm
    template_name = "scim_sync/trust.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, back_url=self.back_url)

    def form_valid(self, form: TrustForm) -> HttpResponse:
        if is_stale(form):
            return self.form_invalid(form)
        try:
            messages.success(self.request, self.save(form.cleaned_data))
        except Uninstalled as error:
            return self.gone(error)
        except TrustError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        self._try_keys(form.cleaned_data["issuer"])
        return redirect(self.back_url)

    def save(self, pasted: dict[str, str]) -> str:
        """Subclasses must save what was pasted and return what to say. Raises TrustError and Uninstalled."""
        raise NotImplementedError("Subclasses must implement save()")

    def _try_keys(self, text: str) -> None:
        issuer = read_issuer(text)
        refresh(issuer, now=timezone.now())
        if known := trouble_of(issuer):
            message = _("Saved, but the keys of your tenant could not be read from %(host)s: %(why)s.")
            why = (
                f"{known.get_trouble_display()} ({known.detail})"
                if known.detail
                else known.get_trouble_display()
            )
            messages.warning(self.request, message % {"host": known.host, "why": why})


@page("federation/add/", "scim_sync:add_trust")
@method_decorator(reauthentication_required(app="allauth.account"), name="post")
class AddTrustView(TrustFormView):
    """Trusts a workload identity. Only for who has shown lately who they are."""

    def save(self, pasted: dict[str, str]) -> str:
        add_trust(self.installation, **pasted, by=self.actor, account=self.account)
        return _("Federation is set up. Paste the three values below into Azure, then test the connection.")


@page("federation/<uuid:trust>/", "scim_sync:change_trust")
@method_decorator(reauthentication_required(app="allauth.account"), name="post")
class ChangeTrustView(TrustFormView):
    """Trusts another workload identity with the same client identifier."""

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.trust, name) for name in TrustForm.base_fields}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, trust=self.trust)

    def save(self, pasted: dict[str, str]) -> str:
        if change_trust(self.trust, **pasted, by=self.actor):
            return _("Federation was changed. Azure gets a new access token with its next request.")
        return _("No changes were made.")


@page("federation/<uuid:trust>/switch-off/", "scim_sync:end_trust")
class EndTrustView(FederationMixin, View):
    """Switches a trust off, and ends the access tokens that Azure got with it."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if end_trust(self.trust, by=self.actor):
            messages.success(request, _("Federation is switched off. Azure can no longer connect with it."))
        else:
            messages.info(request, _("Federation is already switched off. No changes were made."))
        return redirect(self.back_url)
