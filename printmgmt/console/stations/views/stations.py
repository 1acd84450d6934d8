"""Stations: the list, and the page of one."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from printmgmt.console.shell.columns import Column, moment, status
from printmgmt.console.shell.filters import Select
from printmgmt.console.shell.lists import Action, Empty, ListPage
from printmgmt.console.shell.pages import Menu, page
from printmgmt.console.stations.statuses import STATES, StationState, rows_in, state_of
from printmgmt.console.stations.views.base import StationMixin, station_page_url
from printmgmt.organizations.permissions import LOOK, MANAGE_PRINTING
from printmgmt.printing.models import Station

ADD = Action(gettext_lazy("Add station"), "console:station_add", "plus", MANAGE_PRINTING)
STATE: Column[Station] = status(gettext_lazy("State"), state_of, STATES)
TOKEN: Column[Station] = Column(
    gettext_lazy("Token"),
    lambda station: station.prefix,
    template="console/stations/_token_prefix.html",
    context={"station": lambda station: station},
)
SEEN: Column[Station] = moment(gettext_lazy("Last seen"), lambda station: station.last_used_at)


@page("stations/", "console:stations", menu=Menu(gettext_lazy("Stations"), "device-desktop", 56))
class StationsView(ListPage[Station]):
    """The stations by name: the printer beside each, when it called last, and its token's beginning."""

    roles = LOOK
    title = gettext_lazy("Stations")
    lead = gettext_lazy("Screens or card readers beside a printer, where people print their waiting jobs.")
    actions = (ADD,)
    columns = (
        Column(
            gettext_lazy("Station"),
            template="console/stations/_station.html",
            context={"station": lambda station: station},
        ),
        STATE,
        Column(
            gettext_lazy("Printer"),
            template="console/stations/_printer.html",
            context={"printer": lambda station: station.printer},
        ),
        Column(
            gettext_lazy("Last seen"),
            template="console/stations/_seen.html",
            context={"at": lambda station: station.last_used_at},
        ),
        TOKEN,
    )
    row_page = ("console:station", "station")
    filters = (
        Select(
            "state",
            gettext_lazy("State"),
            gettext_lazy("All states"),
            StationState.choices,
            narrow=lambda rows, value: rows.filter(rows_in(value)),
        ),
    )
    placeholder = gettext_lazy("Name, printer or location")
    empty = Empty(
        "device-desktop",
        gettext_lazy("No stations yet"),
        gettext_lazy(
            "Add a station for a tablet or a card reader beside a printer. People show a card there, or type "
            "a PIN, and print what waits for them."
        ),
        ADD,
    )
    nothing_fits = gettext_lazy("No matches")
    csv_name = "stations"
    csv = (
        Column(gettext_lazy("Name"), lambda station: station.name),
        STATE,
        Column(gettext_lazy("Printer"), lambda station: station.printer and station.printer.name),
        Column(gettext_lazy("Location"), lambda station: station.printer and station.printer.location),
        SEEN,
        Column(gettext_lazy("Last address"), lambda station: station.last_used_address),
        Column(gettext_lazy("Token"), lambda station: station.prefix),
        Column(gettext_lazy("Token created"), lambda station: station.issued_at),
        Column(gettext_lazy("Created by"), lambda station: station.issued_by and station.issued_by.email),
        Column(gettext_lazy("Station ID"), lambda station: station.pk),
    )

    def rows(self) -> QuerySet[Station]:
        stations = Station.objects.filter(organization=self.organization, revoked_at__isnull=True)
        return stations.select_related("printer__server", "issued_by").order_by("name", "pk")

    def find(self, rows: QuerySet[Station], text: str) -> QuerySet[Station]:
        return rows.filter(
            Q(name__icontains=text)
            | Q(printer__name__icontains=text)
            | Q(printer__location__icontains=text)
            | Q(prefix=text)
        )


@page("stations/<uuid:station>/", "console:station")
class StationView(StationMixin, TemplateView):
    """Everyone may look; who manages printing sees the buttons."""

    template_name = "console/stations/station.html"
    roles = LOOK

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs,
            station=self.station,
            status=STATES.of(state_of(self.station)),
            manages=self.administrator.role in MANAGE_PRINTING,
            station_url=station_page_url(),
            token_question=_(
                "The token that %(station)s uses now stops working immediately: nobody can print "
                "there until you connect it with the new token."
            )
            % {"station": self.station.name},
            remove_question=_(
                "Its token stops working immediately, and nobody can print there. This cannot be "
                "undone: a station that you add again gets another token. Its history is kept."
            ),
        )
