"""Durable work: the lowest room."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _

from printmgmt.sessions import turn_off_compilation


class WorkConfig(AppConfig):
    name = "printmgmt.work"
    label = "work"
    verbose_name = _("Work")

    def ready(self) -> None:
        # Connects the timer with Celery's signals in whatever process this is.
        from printmgmt.work import timer  # noqa: F401, PLC0415

        connection_created.connect(turn_off_compilation)
