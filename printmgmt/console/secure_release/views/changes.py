"""Secure release set up, changed and ended."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import FormView

from printmgmt.console.printers.choosing import printers_to_choose
from printmgmt.console.secure_release.forms import EndForm, SecureReleaseForm
from printmgmt.console.secure_release.views.base import SecureReleaseMixin
from printmgmt.console.secure_release.words import bypass_words
from printmgmt.console.shell.filters import FilteredMixin
from printmgmt.console.shell.ids import ids_in
from printmgmt.console.shell.pages import page
from printmgmt.console.shell.seen import is_stale
from printmgmt.organizations.permissions import MANAGE_PRINTING
from printmgmt.printing.ipp.errors import IppError
from printmgmt.printing.jobs.places import names_of
from printmgmt.printing.secure_release.bypass import bypass_of
from printmgmt.printing.secure_release.devices import possible_devices
from printmgmt.printing.secure_release.ending import Then, end
from printmgmt.printing.secure_release.errors import DevicesUnfit, NotSecure, SecureReleaseError
from printmgmt.printing.secure_release.setting_up import change, set_up
from printmgmt.printing.secure_release.waiting import waiting_at
from printmgmt.printing.servers.entries import used_elsewhere
from printmgmt.printing.servers.exceptions import ServerError


@page("printers/<uuid:printer>/secure-release/change/", "console:secure_release_change")
class SecureReleaseChangeView(SecureReleaseMixin, FilteredMixin, FormView[SecureReleaseForm]):
    """Sets it up, or changes what was set up: a search above the printers keeps those that are chosen."""

    template_name = "console/secure_release/change.html"
    form_class = SecureReleaseForm
    roles = MANAGE_PRINTING

    @property
    def is_secure(self) -> bool:
        return self.queue.secure_since is not None

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "queue": self.queue}

    def get_initial(self) -> dict[str, Any]:
        if not self.is_secure:
            return {"devices": [], "stops_again": True}
        devices = self.queue.devices.order_by("name").values_list("pk", flat=True)
        return {"devices": list(devices), "stops_again": self.queue.stops_again}

    def form_valid(self, form: SecureReleaseForm) -> HttpResponse:
        if is_stale(form):
            self._name_devices(form)
            return self.form_invalid(form)
        devices, stops_again = list(form.cleaned_data["devices"]), form.cleaned_data["stops_again"]
        name = {"queue": self.queue.name}
        try:
            if not self.is_secure:
                set_up(self.queue, devices=devices, stops_again=stops_again, by=self.actor)
                messages.success(self.request, _("Secure release is set up at %(queue)s.") % name)
            elif change(self.queue, devices=devices, stops_again=stops_again, by=self.actor):
                messages.success(self.request, _("%(queue)s was changed.") % name)
            else:
                messages.info(self.request, _("No changes were made."))
        except DevicesUnfit as error:
            form.add_error("devices", str(error))
            return self.form_invalid(form)
        except (SecureReleaseError, ServerError, IppError) as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        return redirect(self.release_url())

    def _name_devices(self, form: SecureReleaseForm) -> None:
        """Say by their names which printers are chosen now, not by their ids."""
        if form.errors.pop("devices", None):
            now = names_of(self.queue.devices.order_by("name")) or "–"
            form.add_error("devices", _("Current value: %(value)s") % {"value": now})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        sent = self.request.POST or self.request.GET
        chosen = ids_in(sent.getlist("devices"))
        if not sent:
            chosen = frozenset(self.get_initial()["devices"])
        return {
            **context,
            "queue": self.queue,
            "is_secure": self.is_secure,
            "back_url": self.release_url(),
            "choice": printers_to_choose(possible_devices(self.queue), chosen, self.search),
            "waiting": waiting_at(self.queue),
            "shared": used_elsewhere(self.organization, self.queue.server.address_key),
            "bypass_words": list(bypass_words(bypass_of(self.queue))),
        }


@page("printers/<uuid:printer>/secure-release/end/", "console:secure_release_end")
class SecureReleaseEndView(SecureReleaseMixin, FormView[EndForm]):
    """Says how many jobs would print by themselves, and offers to hold them first."""

    template_name = "console/secure_release/end.html"
    form_class = EndForm
    roles = MANAGE_PRINTING

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "pending": waiting_at(self.queue).pending}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.queue.secure_since is None:
            return self.tell_refusal(NotSecure())
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: EndForm) -> HttpResponse:
        try:
            held = end(self.queue, then=Then(form.cleaned_data["then"]), by=self.actor)
        except (SecureReleaseError, IppError) as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        text = _("Secure release at %(queue)s ended.") % {"queue": self.queue.name}
        if held:
            were_held = ngettext("%(count)d job was held.", "%(count)d jobs were held.", held)
            text = f"{text} {were_held % {'count': held}}"
        messages.success(self.request, text)
        return redirect(self.release_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs, queue=self.queue, waiting=waiting_at(self.queue), back_url=self.release_url()
        )
