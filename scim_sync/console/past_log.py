"""The provisioning log of an installation that was uninstalled, for as long as it is kept."""

from addons.mixins import PastInstallationMixin
from scim_sync.console.log import EventView, LogView


class PastLogView(PastInstallationMixin, LogView):
    """As it was in the installation's days."""

    row_page = ("scim_sync:past_event", "event")


class PastEventView(PastInstallationMixin, EventView):
    """One event of it."""
