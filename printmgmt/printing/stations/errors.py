"""Errors of release stations. ``str()`` is a translated sentence to show at the station or in the console."""

from datetime import timedelta

from django.utils.translation import gettext as _


class StationError(Exception):
    """What a station asked for is refused, and nothing has changed."""


class StationNameTaken(StationError):
    """Another station of the organization has this name."""


class NotRecognized(StationError):
    """No person who may print has this card, or this userName with this PIN. It does not say which."""

    def __init__(self) -> None:
        super().__init__(_("Not recognized. Check the card, or the user name and the PIN, and try again."))


class Locked(StationError):
    """Too many failed attempts. Nothing was checked. ``wait`` is how long that lasts at most."""

    def __init__(self, wait: timedelta) -> None:
        minutes = int(wait.total_seconds() // 60)
        super().__init__(_("Too many failed attempts. Try again in %d minutes.") % minutes)
        self.wait = wait


class VisitOver(StationError):
    """The visit has ended: its time is over, or the person may not print any more."""

    def __init__(self) -> None:
        super().__init__(_("Your session has ended. Show your card again."))


class JobNotHere(StationError):
    """The job is not among those that wait for the person."""

    def __init__(self) -> None:
        super().__init__(_("This job is no longer waiting."))


class WrongServer(StationError):
    """The job waits on another print server than the station's printer has."""


class WrongPrinter(StationError):
    """The job waits in a secure release queue, and the station's printer is none of its devices."""
