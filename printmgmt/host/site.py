"""The host's admin site: only for staff with two-factor authentication; uses the console's sign-in page."""

from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from printmgmt.organizations.two_factor import has_two_factor


class HostSite(AdminSite):
    site_title = gettext_lazy("Host")
    site_header = gettext_lazy("Print Management: host")
    index_title = gettext_lazy("Organizations, accounts and stuck runs")
    site_url = "/"

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the account is active staff with a second factor."""
        user = request.user
        return bool(user.is_authenticated and user.is_active and user.is_staff and has_two_factor(user))

    def get_urls(self) -> list[Any]:
        """Leave out the redirect to an object's own page, because our objects have none."""
        return [found for found in super().get_urls() if getattr(found, "name", "") != "view_on_site"]

    def password_change(  # type: ignore[override]  # the stubs want a page, Django answers redirects too
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Redirect to the account page, which asks for the old password and ends other sessions."""
        return redirect("account_change_password")

    def password_change_done(  # type: ignore[override]  # likewise
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account")

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Redirect accounts without permission; visitors have seen the sign-in page before.

        Staff without a second factor must set it up; everyone else goes to the console.
        """
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_staff:
            return redirect("mfa_index")
        raise PermissionDenied(_("Only for host staff."))
