"""The operators' screens."""

from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _


class ConsoleConfig(AppConfig):
    name = "printmgmt.console"
    label = "console"
    verbose_name = _("Console")

    def ready(self) -> None:
        """Register the system checks."""
        # They read the settings and the models, so not before these are loaded.
        from printmgmt import checks  # noqa: F401, PLC0415
        from printmgmt.console.shell.list_checks import check_lists  # noqa: PLC0415

        register(check_lists)
