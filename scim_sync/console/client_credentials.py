"""Client credentials on the details page: secrets created and revoked, and all of it switched off and on."""

from datetime import timedelta
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache

from addons.addresses import address_of
from addons.exceptions import Uninstalled
from addons.mixins import InstallationMixin
from printmgmt.console.shell.pages import page
from printmgmt.console.shell.undo import success
from printmgmt.errors import Gone
from printmgmt.organizations.permissions import MANAGE_TOKENS
from scim_sync.credentials.clients import (
    create_client_secret,
    revoke_client_secret,
    switch_off,
    switch_on,
    token_endpoint,
)
from scim_sync.credentials.tokens import tenant_url
from scim_sync.credentials.ways import CLIENT_CREDENTIALS
from scim_sync.exceptions import TokenError
from scim_sync.forms import ClientSecretForm
from scim_sync.models import ScimClient, ScimClientSecret


class ClientCredentialsMixin(InstallationMixin):
    """A change of client credentials, for those who manage secret tokens."""

    roles = MANAGE_TOKENS

    def back(self) -> HttpResponseBase:
        """To the details page, where this way to connect is unfolded."""
        return redirect(f"{address_of(self.installation)}#{CLIENT_CREDENTIALS}")

    @property
    def client(self) -> ScimClient:
        """The installation's client. Raises Gone if there is none."""
        client = ScimClient.objects.filter(installation=self.installation).first()
        if client is None:
            raise Gone(_("Client credentials are not set up."))
        client.installation = self.installation  # with its organization
        return client


@page("client-credentials/secrets/", "scim_sync:create_client_secret")
@method_decorator(never_cache, name="dispatch")
@method_decorator(reauthentication_required(app="allauth.account"), name="post")
class CreateClientSecretView(ClientCredentialsMixin, View):
    """Creates a client secret and shows it, with all that Azure asks for, in this answer to the POST only."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        form = ClientSecretForm(request.POST)
        if not form.is_valid():
            for errors in form.errors.values():
                messages.error(request, " ".join(map(str, errors)))
            return self.back()
        label, lifetime = form.cleaned_data["label"], timedelta(days=form.cleaned_data["days"])
        try:
            made = create_client_secret(
                self.installation, by=self.actor, account=self.account, label=label, lifetime=lifetime
            )
        except Uninstalled as error:
            return self.gone(error)
        except TokenError as error:
            messages.error(request, str(error))
            return self.back()
        context = {
            **self.about,
            "label": label,
            "tenant_url": tenant_url(self.installation),
            "token_endpoint": token_endpoint(self.installation),
            "client": made.client,
            "secret": made.text,
            "is_first": made.client.secrets.count() == 1,
        }
        answer: HttpResponse = render(request, "scim_sync/client_secret.html", context)
        return answer


@page("client-credentials/secrets/<int:secret>/revoke/", "scim_sync:revoke_client_secret")
class RevokeClientSecretView(ClientCredentialsMixin, View):
    """Revokes a client secret and the access tokens that Azure got with it."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        rows = ScimClientSecret.objects.select_related("client__installation__organization")
        secret = rows.filter(client__installation=self.installation, pk=self.kwargs["secret"]).first()
        if secret is None:
            raise Gone(_("This client secret does not exist."))
        if secret.revoked_at is not None:
            text = _("“%(secret)s” was already revoked. No changes were made.")
            messages.info(request, text % {"secret": secret})
        else:
            revoke_client_secret(secret, by=self.actor)
            text = _("“%(secret)s” was revoked. It no longer works, nor do access tokens created with it.")
            messages.success(request, text % {"secret": secret})
        return self.back()


@page("client-credentials/switch-off/", "scim_sync:switch_off_client")
class SwitchOffClientView(ClientCredentialsMixin, View):
    """Ends the access tokens of all client secrets, and lets none get another one."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if switch_off(self.client, by=self.actor):
            success(
                request,
                _("Client credentials are switched off. Azure can no longer connect with them."),
                undo_url=address_of(self.installation, "scim_sync:switch_on_client"),
            )
        else:
            messages.info(request, _("Client credentials are already switched off. No changes were made."))
        return self.back()


@page("client-credentials/switch-on/", "scim_sync:switch_on_client")
class SwitchOnClientView(ClientCredentialsMixin, View):
    """Lets client secrets get access tokens again."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        try:
            was_off = switch_on(self.client, by=self.actor)
        except Uninstalled as error:
            return self.gone(error)
        if was_off:
            messages.success(request, _("Client credentials are switched on again."))
        else:
            messages.info(request, _("Client credentials are already switched on. No changes were made."))
        return self.back()
