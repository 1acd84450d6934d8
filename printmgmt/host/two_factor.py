"""Host staff reset an account's two-factor authentication: needs a reason, audited in its organizations."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from printmgmt.audit.services import record
from printmgmt.host.access_audit import staff
from printmgmt.organizations.administrators import AdministrationError, NotOfOneself
from printmgmt.organizations.models import Account, Organization
from printmgmt.organizations.two_factor import has_two_factor
from printmgmt.organizations.two_factor_reset import (
    REASON_LENGTH,
    checked_reason,
    reset_two_factor,
)
from printmgmt.organizations.two_factor_reset_mail import post_reset


class TwoFactorResetMixin(ModelAdmin[Any]):
    """Adds the page below an account's, and the way there."""

    change_form_template = "admin/account_change_form.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.two_factor_reset_view)
        name = "organizations_account_two_factor_reset"
        return [path("<uuid:object_id>/reset-two-factor/", view, name=name), *super().get_urls()]

    @method_decorator(reauthentication_required(app="allauth.account"))
    def two_factor_reset_view(self, request: HttpRequest, object_id: Any) -> HttpResponseBase:
        """Ask why, then reset and tell both by mail; nobody resets the own one."""
        account = self.get_object(request, str(object_id))
        if account is None:
            raise Http404
        if not self.has_change_permission(request, account):
            raise PermissionDenied
        if request.method == "POST":
            try:
                self._reset(request, account)
            except AdministrationError as error:
                messages.error(request, str(error))
            return redirect("admin:organizations_account_change", account.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Reset two-factor authentication"),
            "opts": self.model._meta,
            "original": account,
            "limit": REASON_LENGTH,
            "has_two_factor": has_two_factor(account),
        }
        return TemplateResponse(request, "admin/account_two_factor_reset.html", context)

    def _reset(self, request: HttpRequest, account: Account) -> None:
        reason = checked_reason(request.POST.get("reason", ""))
        if account.pk == request.user.pk:
            raise NotOfOneself
        with transaction.atomic():
            removed = ", ".join(reset_two_factor(account))
            self.log_change(request, account, f"two-factor reset ({removed}): {reason}")
            post_reset(account, by=request.user, reason=reason)  # type: ignore[arg-type]  # staff
            for organization in Organization.objects.filter(administrators__account=account):
                record(
                    organization,
                    "host.two-factor-reset",
                    by=staff(request),
                    object_type="account",
                    object_id=account.pk,
                    label=account.email,
                    reason=reason,
                    removed=removed,
                )
        messages.success(
            request, _("Two-factor authentication was reset for %(email)s.") % {"email": account.email}
        )
