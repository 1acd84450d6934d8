"""What follows when a person leaves."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeprovisioningConfig(AppConfig):
    name = "printmgmt.deprovisioning"
    label = "deprovisioning"
    verbose_name = _("Leaving")

    def ready(self) -> None:
        # Registers with Celery's signals; the models it needs are loaded only now.
        from printmgmt.deprovisioning.timer import sweep_also  # noqa: PLC0415
        from printmgmt.people.tombstones import erase_groups  # noqa: PLC0415

        sweep_also(erase_groups)
