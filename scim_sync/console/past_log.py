"""The provisioning log of an installation that was uninstalled, for as long as it is kept."""

from addons.mixins import PastInstallationMixin
from scim_sync.console.log import EventView, LogView


class PastLogView(PastInstallationMixin, LogView):
    """The log of an uninstalled installation."""

    row_page = ("scim_sync:past_event", "event")


class PastEventView(PastInstallationMixin, EventView):
    """One event of that log."""
