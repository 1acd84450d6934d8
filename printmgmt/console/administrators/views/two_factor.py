"""Owners require two-factor authentication of all administrators, or reset it for one of them."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from printmgmt.audit.services import record
from printmgmt.console.administrators.views.changes import ChangeView
from printmgmt.console.shell.mixins import OrganizationMixin
from printmgmt.console.shell.pages import page
from printmgmt.organizations.models import Administrator
from printmgmt.organizations.permissions import ADMINISTER
from printmgmt.organizations.two_factor import NoTwoFactor, require_two_factor
from printmgmt.organizations.two_factor_reset import checked_reason, reset_of_colleague
from printmgmt.organizations.two_factor_reset_mail import post_reset


@page("administrators/<int:administrator>/reset-two-factor/", "console:administrator_two_factor_reset")
class AdministratorTwoFactorResetView(ChangeView):
    """Reset for a colleague who has lost every factor; asks for a reason and mails both."""

    verb = "administrator.two-factor-reset"

    def change(self, shown: Administrator) -> dict[str, str]:
        reason = checked_reason(self.request.POST.get("reason", ""))
        removed = reset_of_colleague(shown, by=self.administrator)
        post_reset(shown.account, by=self.account, reason=reason)
        return {"reason": reason, "removed": ", ".join(removed)}

    def success_text(self, shown: Administrator) -> str:
        return _("Two-factor authentication was reset for %(email)s.") % {"email": shown.account.email}


@page("administrators/two-factor/", "console:administrator_two_factor")
@method_decorator(reauthentication_required(app="allauth.account"), name="post")
class TwoFactorRequirementView(OrganizationMixin):
    """Require two-factor authentication of everyone, or no longer."""

    roles = ADMINISTER
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponseBase:
        required = request.POST.get("required") == "yes"
        if required == self.organization.require_two_factor:
            messages.info(request, _("Someone else has already changed this. No changes were made."))
            return redirect("console:administrators", organization=self.organization.slug)
        try:
            with transaction.atomic():
                require_two_factor(self.organization, required, by=self.administrator)
                record(
                    self.organization,
                    "organization.two-factor-required" if required else "organization.two-factor-optional",
                    by=self.actor,
                    object_type="organization",
                    object_id=self.organization.pk,
                    label=self.organization.name,
                )
        except NoTwoFactor as error:
            messages.error(request, str(error))
        else:
            text = (
                _("Two-factor authentication is now required for everyone.")
                if required
                else _("Two-factor authentication is now optional.")
            )
            messages.success(request, text)
        return redirect("console:administrators", organization=self.organization.slug)
