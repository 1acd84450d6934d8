"""``/api/v1/station/``: what release stations call. Programs that read cards use it without a screen."""
