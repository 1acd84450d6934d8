"""What was done, by whom."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "printmgmt.audit"
    label = "audit"
    verbose_name = _("Audit")

    def ready(self) -> None:
        # Needs models, which are loaded by now and not when this module is read.
        from printmgmt.audit.sealer import seal_due  # noqa: PLC0415
        from printmgmt.work.sweeps import register  # noqa: PLC0415

        register("audit.seal", seal_due)
