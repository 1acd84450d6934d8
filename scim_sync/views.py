"""Fragments of the details page: the first token, and who called."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from addons.mixins import InstallationMixin
from printmgmt.organizations.roles import EVERYONE, MANAGERS
from scim_sync.exceptions import AlreadyMinted
from scim_sync.models import Action, Contact
from scim_sync.tokens import mint_first_token

LAST_REFUSED = 5


@method_decorator(never_cache, name="dispatch")
class FirstTokenView(InstallationMixin, View):
    """Mints the first token for the page that asks by POST; it is in this answer and nowhere else."""

    roles = MANAGERS

    def post(self, request: Any, **kwargs: Any) -> HttpResponse:
        try:
            token = mint_first_token(self.installation, by=self.actor, account=self.account)
        except AlreadyMinted:
            token = ""
        return render(request, "scim_sync/_first_token.html", {"token": token})


@method_decorator(never_cache, name="dispatch")
class ConnectionView(InstallationMixin, TemplateView):
    """Waiting, connected, refused: asked again by the page every few seconds."""

    template_name = "scim_sync/_connection.html"
    roles = EVERYONE

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs,
            contact=Contact.objects.filter(installation=self.installation).first(),
            refused=self.installation.events.filter(action=Action.SIGN_IN).order_by("-last_at")[
                :LAST_REFUSED
            ],
        )
