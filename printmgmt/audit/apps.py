"""The audit trail."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "printmgmt.audit"
    label = "audit"
    verbose_name = _("Audit")

    def ready(self) -> None:
        # Imported here because models are not loaded when this module is imported.
        from printmgmt.audit.sealer import seal_due  # noqa: PLC0415
        from printmgmt.work.sweeps import register  # noqa: PLC0415

        register("audit.seal", seal_due)
