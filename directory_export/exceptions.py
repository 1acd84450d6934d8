"""The error of ordering an export."""


class NothingToExportTo(Exception):
    """The export is off or paused, or its secret is missing. ``str()`` is a translated sentence."""
