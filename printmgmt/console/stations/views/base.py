"""What pages about stations share: the station, the way back, and how a printer is chosen."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView

from printmgmt.console.printers.choosing import printers_to_choose
from printmgmt.console.shell.filters import FilteredMixin
from printmgmt.console.shell.ids import ids_in
from printmgmt.console.shell.mixins import OrganizationMixin
from printmgmt.console.stations.forms import StationForm
from printmgmt.errors import Gone
from printmgmt.printing.models import Printer, Station
from printmgmt.printing.stations.errors import StationError
from printmgmt.printing.stations.managing import possible_printers


class StationsMixin(OrganizationMixin):
    """A page about stations."""

    def list_url(self) -> str:
        """The address of the list."""
        return reverse("console:stations", kwargs={"organization": self.organization.slug})

    def show_token(self, station: Station, token: str) -> HttpResponse:
        """The answer to a POST that has created a token: it stands there, and on no other page."""
        context = {"station": station, "token": token, "station_url": station_page_url()}
        return render(self.request, "console/stations/token.html", context)


class StationMixin(StationsMixin):
    """A page about the ``station`` in the URL; 404 unless the organization has it."""

    @cached_property
    def station(self) -> Station:
        rows = Station.objects.filter(organization=self.organization, revoked_at__isnull=True)
        rows = rows.select_related("organization", "printer__server", "issued_by")
        found = rows.filter(pk=self.kwargs["station"]).first()
        if found is None:
            raise Gone(_("This station does not exist. It may have been removed in the meantime."))
        return found

    def station_url(self, view: str = "console:station") -> str:
        """The address of the station's page, or of another view that needs the station only."""
        return reverse(view, kwargs={"organization": self.organization.slug, "station": self.station.pk})

    def gone(self, error: StationError) -> HttpResponse:
        """The answer when someone else was faster and the station has no page any more."""
        messages.error(self.request, str(error))
        return redirect(self.list_url())


class StationFormView(FilteredMixin, StationsMixin, FormView[StationForm]):
    """Name and printer: a search above the list of printers keeps the one that is chosen."""

    form_class = StationForm

    def printer_of(self, form: StationForm) -> Printer | None:
        """The printer that was sent; None, with an error in the form, where it cannot be chosen."""
        printers = possible_printers(self.organization)
        found = printers.filter(pk=form.cleaned_data["printer"]).first()
        if found is None:
            form.add_error("printer", _("This printer is no longer on its print server. Choose another one."))
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        sent = (self.request.POST or self.request.GET).getlist("printer") or [
            str(context["form"].get_initial_for_field(context["form"].fields["printer"], "printer") or "")
        ]
        choice = printers_to_choose(
            possible_printers(self.organization), list(ids_in(sent))[:1], self.search, by_server=True
        )
        return {**context, "choice": choice}


def station_page_url() -> str:
    """The address that a tablet opens."""
    return settings.PUBLIC_URL + reverse("station_page:start")
