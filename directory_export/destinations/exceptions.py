"""The error of a delivery, and whether a retry may help."""

from printmgmt.work.kinds import WorkError


class DeliveryError(WorkError):
    """The file was not delivered. ``str()`` is a translated sentence; ``permanent``: a person must act."""
