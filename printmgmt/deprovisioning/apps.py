"""What follows when a person leaves."""

from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _


class DeprovisioningConfig(AppConfig):
    name = "printmgmt.deprovisioning"
    label = "deprovisioning"
    verbose_name = _("Leaving")

    def ready(self) -> None:
        # Needs models, which are loaded by now and not when this module is read.
        from printmgmt.deprovisioning.checks import check_steps  # noqa: PLC0415
        from printmgmt.deprovisioning.open_holds import retry_open_holds  # noqa: PLC0415
        from printmgmt.deprovisioning.performing import Steps  # noqa: PLC0415
        from printmgmt.deprovisioning.steps.notify_administrators import LeaversMail  # noqa: PLC0415
        from printmgmt.mail.kinds import register_kind  # noqa: PLC0415
        from printmgmt.printing.servers.probe.observers import on_tested  # noqa: PLC0415
        from printmgmt.work.sweeps import register_work  # noqa: PLC0415

        on_tested(retry_open_holds)
        register(check_steps)
        register_kind(LeaversMail())
        register_work(Steps())
