"""Durable work: the lowest room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkConfig(AppConfig):
    name = "printmgmt.work"
    label = "work"
    verbose_name = _("Work")

    def ready(self) -> None:
        # Connects the timer with Celery's signals in whatever process this is.
        from printmgmt.work import timer  # noqa: F401, PLC0415
