"""Fragments of the details page: the first token, and who called."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from addons.mixins import InstallationMixin
from printmgmt.console.shell.pages import page
from printmgmt.organizations.permissions import LOOK, MANAGE_TOKENS
from scim_sync.console.connection import connection_of
from scim_sync.credentials.tokens import mint_first_token
from scim_sync.exceptions import AlreadyMinted


@page("first-token/", "scim_sync:first_token")
@method_decorator(never_cache, name="dispatch")
class FirstTokenView(InstallationMixin, View):
    """Creates the first token for the details page and shows it in this answer only."""

    roles = MANAGE_TOKENS

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            token = mint_first_token(self.installation, by=self.actor, account=self.account)
        except AlreadyMinted:
            token = ""
        context = {"token": token, "installation": self.installation, "health": self.addon.health()}
        return render(request, "scim_sync/_first_token.html", context)


@page("connection/", "scim_sync:connection")
@method_decorator(never_cache, name="dispatch")
class ConnectionView(InstallationMixin, TemplateView):
    """Waiting, connected, refused: the page polls it every few seconds."""

    template_name = "scim_sync/_connection.html"
    roles = LOOK

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs, connection=connection_of(self.installation), health=self.addon.health()
        )
