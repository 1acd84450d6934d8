"""The operators' screens."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsoleConfig(AppConfig):
    name = "printmgmt.console"
    label = "console"
    verbose_name = _("Console")

    def ready(self) -> None:
        """Register the system checks."""
        from printmgmt import checks  # noqa: F401, PLC0415  # they read the settings, so not before these are loaded
