"""Bulk operations, between the audit trail and people."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BulkConfig(AppConfig):
    name = "printmgmt.bulk"
    label = "bulk"
    verbose_name = _("Bulk operations")

    def ready(self) -> None:
        # Needs models, which are loaded by now and not when this module is read.
        from printmgmt.bulk.performing import BulkOperations  # noqa: PLC0415
        from printmgmt.bulk.pruning import forget_old  # noqa: PLC0415
        from printmgmt.work import sweeps  # noqa: PLC0415

        sweeps.register_work(BulkOperations())
        sweeps.register("bulk-forget-old", forget_old)
