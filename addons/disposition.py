"""What becomes of an add-on's people when it is uninstalled."""

from enum import StrEnum


class Disposition(StrEnum):
    """The administrator's choice."""

    KEEP = "keep"
    SUSPEND = "suspend"
    REMOVE = "remove"
