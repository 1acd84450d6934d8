"""How a station does, in a word and a color."""

from datetime import timedelta
from typing import Final

from django.db.models import Q, TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from printmgmt.console.shell.statuses import Statuses
from printmgmt.printing.models import Station

SILENT_AFTER: Final = timedelta(minutes=10)
"""The station's page calls every minute, also while nobody is there."""


class StationState(TextChoices):
    """What is shown of the state of a station."""

    ONLINE = "online", pgettext_lazy("station", "Online")
    NEW = "new", _("Never connected")
    SILENT = "silent", _("No contact")
    NO_PRINTER = "no-printer", _("Printer missing")


STATES = Statuses(
    StationState,
    {
        StationState.ONLINE: "green",
        StationState.NEW: "azure",
        StationState.SILENT: "yellow",
        StationState.NO_PRINTER: "red",
    },
)

_NO_PRINTER = Q(printer__isnull=True) | Q(printer__missing_since__isnull=False)


def state_of(station: Station) -> StationState:
    """Return how a station does; its printer is read already."""
    if station.printer is None or station.printer.missing_since is not None:
        return StationState.NO_PRINTER
    if station.last_used_at is None:
        return StationState.NEW
    is_silent = station.last_used_at < timezone.now() - SILENT_AFTER
    return StationState.SILENT if is_silent else StationState.ONLINE


def rows_in(state: str) -> Q:
    """The stations in a state; `state_of` says the same of one."""
    since = timezone.now() - SILENT_AFTER
    return {
        StationState.NO_PRINTER: _NO_PRINTER,
        StationState.NEW: ~_NO_PRINTER & Q(last_used_at__isnull=True),
        StationState.SILENT: ~_NO_PRINTER & Q(last_used_at__lt=since),
        StationState.ONLINE: ~_NO_PRINTER & Q(last_used_at__gte=since),
    }[StationState(state)]
