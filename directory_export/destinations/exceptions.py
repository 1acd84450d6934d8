"""Why a file was not delivered, and whether trying again may help."""

from printmgmt.work.kinds import WorkError


class DeliveryError(WorkError):
    """Not delivered. ``str()`` is a sentence for a reader; ``permanent`` says that a person must act."""
