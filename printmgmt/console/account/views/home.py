"""The way in: to the one organization, or to the choice among several."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import TemplateView

from printmgmt.organizations.models import Organization


class HomeView(TemplateView):
    """Redirects to the dashboard of the account's only organization, else lists them."""

    template_name = "console/account/home.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        organizations = list(
            Organization.objects.filter(
                administrators__account=request.user.pk, administrators__disabled_at__isnull=True
            )
        )
        if len(organizations) == 1:
            return redirect("console:dashboard", organization=organizations[0].slug)
        return self.render_to_response(self.get_context_data(choices=organizations, **kwargs))
