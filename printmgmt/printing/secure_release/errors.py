"""Errors of secure release. ``str()`` is a translated sentence to show to people; nothing has changed."""

from django.utils.translation import gettext as _


class SecureReleaseError(Exception):
    """What was asked for is refused."""


class QueueUnfit(SecureReleaseError):
    """The queue cannot be a secure release queue, or is one already."""


class DevicesUnfit(SecureReleaseError):
    """Jobs of the queue cannot be released at these printers."""


class NotSecure(SecureReleaseError):
    """The queue is no secure release queue: someone ended it, or never set it up."""

    def __init__(self) -> None:
        super().__init__(_("This queue is no longer a secure release queue. Reload the page."))


class NotStopped(SecureReleaseError):
    """The server accepted the request to stop the queue, and did not stop it: it was read again."""

    def __init__(self) -> None:
        super().__init__(_("The print server accepted this, but the queue is not stopped. Try again."))


class NotResumed(SecureReleaseError):
    """The same the other way round."""

    def __init__(self) -> None:
        super().__init__(_("The print server accepted this, but the queue is still stopped. Try again."))


class TooManyWaiting(SecureReleaseError):
    """More jobs wait than can be held while someone waits for it."""
