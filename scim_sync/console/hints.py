"""Hints about the mapping on the details page: dismissing one, and showing it again."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views import View

from addons.addresses import address_of
from addons.mixins import InstallationMixin
from printmgmt.console.shell.pages import page
from printmgmt.console.shell.undo import success
from printmgmt.errors import Gone
from printmgmt.organizations.permissions import MANAGE_ADDONS
from scim_sync.monitoring.hints.kinds import HintKind
from scim_sync.monitoring.hints.shown import DISMISSED_FOR, dismiss_hint, show_hint_again


class HintMixin(InstallationMixin):
    """A change of one hint, for those who set add-ons up."""

    roles = MANAGE_ADDONS

    @property
    def kind(self) -> HintKind:
        """The hint in the URL. Raises Gone if there is no such."""
        try:
            return HintKind(self.kwargs["hint"])
        except ValueError:
            raise Gone(_("This hint does not exist.")) from None

    def back(self) -> HttpResponseBase:
        return redirect(f"{address_of(self.installation)}#hints")


@page("hints/<slug:hint>/dismiss/", "scim_sync:dismiss_hint")
class DismissHintView(HintMixin, View):
    """Hides a hint; it comes back if the same is seen again later."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        kind = self.kind
        if dismiss_hint(self.installation, kind, by=self.actor):
            text = _("The hint was dismissed. It comes back if the same is seen again after %(days)d days.")
            undo_url = address_of(self.installation, "scim_sync:show_hint", hint=kind.value)
            success(request, text % {"days": DISMISSED_FOR.days}, undo_url=undo_url)
        else:
            messages.info(request, _("This hint is no longer shown. No changes were made."))
        return self.back()


@page("hints/<slug:hint>/show/", "scim_sync:show_hint")
class ShowHintView(HintMixin, View):
    """Shows a dismissed hint again."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if show_hint_again(self.installation, self.kind, by=self.actor):
            messages.success(request, _("The hint is shown again."))
        else:
            messages.info(request, _("This hint is not dismissed. No changes were made."))
        return self.back()
