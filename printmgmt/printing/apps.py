"""What people print on: servers, queues, jobs, stations."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrintingConfig(AppConfig):
    name = "printmgmt.printing"
    label = "printing"
    verbose_name = _("Printing")

    def ready(self) -> None:
        from printmgmt.mail.kinds import register_kind  # noqa: PLC0415
        from printmgmt.printing.stations.lock_mails import StationLocked  # noqa: PLC0415

        register_kind(StationLocked())
