"""The provisioning log of an installation that was uninstalled, for as long as it is kept."""

from addons.mixins import PastInstallationMixin
from printmgmt.console.shell.pages import page
from scim_sync.console.log import EventView, LogView


@page("past/log/", "scim_sync:past_log")
class PastLogView(PastInstallationMixin, LogView):
    """The log of an uninstalled installation."""

    row_page = ("scim_sync:past_event", "event")


@page("past/log/<int:event>/", "scim_sync:past_event")
class PastEventView(PastInstallationMixin, EventView):
    """One event of that log."""
