"""A station added, changed, given a new token, removed."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from printmgmt.console.shell.pages import page
from printmgmt.console.shell.seen import is_stale
from printmgmt.console.stations.forms import StationForm
from printmgmt.console.stations.views.base import StationFormView, StationMixin
from printmgmt.organizations.permissions import MANAGE_PRINTING
from printmgmt.printing.stations.errors import StationError, StationNameTaken
from printmgmt.printing.stations.managing import add_station, change_station, remove_station, replace_token


@page("stations/add/", "console:station_add")
@method_decorator(never_cache, name="dispatch")
class StationAddView(StationFormView):
    """A new station; the answer shows its token, once."""

    template_name = "console/stations/add.html"
    roles = MANAGE_PRINTING

    def form_valid(self, form: StationForm) -> HttpResponse:
        printer = self.printer_of(form)
        if printer is None:
            return self.form_invalid(form)
        try:
            station, token = add_station(
                self.organization, form.cleaned_data["name"], printer, by=self.actor, account=self.account
            )
        except StationError as error:
            form.add_error("name" if isinstance(error, StationNameTaken) else None, str(error))
            return self.form_invalid(form)
        return self.show_token(station, token)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, back_url=self.list_url())


@page("stations/<uuid:station>/change/", "console:station_change")
class StationChangeView(StationMixin, StationFormView):
    """Another name or printer; the token stays, and so does the connection."""

    template_name = "console/stations/change.html"
    roles = MANAGE_PRINTING

    def form_valid(self, form: StationForm) -> HttpResponse:
        printer = None if is_stale(form) else self.printer_of(form)
        if printer is None:
            return self.form_invalid(form)
        before = (self.station.name, self.station.printer_id)
        try:
            changed = change_station(
                self.station, name=form.cleaned_data["name"], printer=printer, by=self.actor
            )
        except StationNameTaken as error:
            form.add_error("name", str(error))
            return self.form_invalid(form)
        except StationError as error:
            return self.gone(error)
        if before == (changed.name, changed.printer_id):
            messages.info(self.request, _("No changes were made."))
        else:
            messages.success(self.request, _("%(station)s was changed.") % {"station": changed.name})
        return redirect(self.station_url())

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.station.name, "printer": self.station.printer_id}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, station=self.station, back_url=self.station_url())


@page("stations/<uuid:station>/token/", "console:station_token")
@method_decorator(never_cache, name="dispatch")
class StationTokenView(StationMixin):
    """A new token in place of the old one; the answer shows it, once."""

    roles = MANAGE_PRINTING

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            token = replace_token(self.station, by=self.actor, account=self.account)
        except StationError as error:
            return self.gone(error)
        return self.show_token(self.station, token)


@page("stations/<uuid:station>/remove/", "console:station_remove")
class StationRemoveView(StationMixin):
    """The station is refused from its next call on; nothing brings its token back."""

    roles = MANAGE_PRINTING

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        remove_station(self.station, by=self.actor)
        messages.success(request, _("%(station)s was removed.") % {"station": self.station.name})
        return redirect(self.list_url())
