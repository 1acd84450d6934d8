"""French: Django's *28 novembre 2026 14:36*, and the zone."""

DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "j F Y H:i T"
