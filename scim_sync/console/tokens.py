"""Rotating and revoking secret tokens."""

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
from printmgmt.errors import Gone
from printmgmt.organizations.permissions import MANAGE_TOKENS
from scim_sync.credentials.tokens import revoke_token, rotate_token, tenant_url
from scim_sync.exceptions import NoFreeSlot
from scim_sync.forms import RotateForm
from scim_sync.models import ScimToken


@page("tokens/rotate/", "scim_sync:rotate")
@method_decorator(never_cache, name="dispatch")
@method_decorator(reauthentication_required(app="allauth.account"), name="post")
class RotateView(InstallationMixin, View):
    """Creates a second token and shows it in this answer to the POST only.

    Only for who has shown lately who they are; revoking never asks.
    """

    roles = MANAGE_TOKENS

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        form = RotateForm(request.POST)
        if not form.is_valid():
            for errors in form.errors.values():
                messages.error(request, " ".join(map(str, errors)))
            return self._back()
        label, lifetime = form.cleaned_data["label"], timedelta(days=form.cleaned_data["days"])
        try:
            token = rotate_token(
                self.installation, by=self.actor, account=self.account, label=label, lifetime=lifetime
            )
        except Uninstalled as error:
            return self.gone(error)
        except NoFreeSlot as error:
            messages.error(request, str(error))
            return self._back()
        context = {
            **self.about,
            "label": label,
            "token": token,
            "tenant_url": tenant_url(self.installation),
        }
        answer: HttpResponse = render(request, "scim_sync/rotated.html", context)
        return answer

    def _back(self) -> HttpResponseBase:
        return redirect(address_of(self.installation))


@page("tokens/<int:token>/revoke/", "scim_sync:revoke")
class RevokeView(InstallationMixin, View):
    """Revokes a token."""

    roles = MANAGE_TOKENS

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        token = ScimToken.objects.filter(installation=self.installation, pk=self.kwargs["token"]).first()
        if token is None:
            raise Gone(_("This token does not exist."))
        if token.revoked_at is not None:
            text = _("“%(token)s” was already revoked. No changes were made.")
            messages.info(request, text % {"token": token})
        else:
            revoke_token(token, by=self.actor)
            text = _("“%(token)s” was revoked. It no longer works.")
            messages.success(request, text % {"token": token})
        return redirect(address_of(self.installation))
