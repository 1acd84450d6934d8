"""Why an export was not asked for."""


class NothingToExportTo(Exception):
    """The export is off or paused, or its secret is missing. ``str()`` is a sentence for a reader."""
