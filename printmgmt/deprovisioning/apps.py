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
        from printmgmt.bulk.kinds import register_kind as register_bulk  # noqa: PLC0415
        from printmgmt.deprovisioning import late_jobs, long_suspended, queue_lists  # noqa: PLC0415
        from printmgmt.deprovisioning.breaker.mails import BreakerMail  # noqa: PLC0415
        from printmgmt.deprovisioning.breaker.operations import Approval, RestoreAll  # noqa: PLC0415
        from printmgmt.deprovisioning.checks import check_steps  # noqa: PLC0415
        from printmgmt.deprovisioning.in_bulk import KINDS  # noqa: PLC0415
        from printmgmt.deprovisioning.models import STEP_WORK  # noqa: PLC0415
        from printmgmt.deprovisioning.open_holds import retry_open_holds  # noqa: PLC0415
        from printmgmt.deprovisioning.performing import perform_all, perform_run  # noqa: PLC0415
        from printmgmt.deprovisioning.receipts import making as receipts  # noqa: PLC0415
        from printmgmt.deprovisioning.retention.sweep import anonymise_due  # noqa: PLC0415
        from printmgmt.deprovisioning.steps.notify_administrators import LeaversMail  # noqa: PLC0415
        from printmgmt.mail.kinds import register_kind  # noqa: PLC0415
        from printmgmt.printing.rounds import observers  # noqa: PLC0415
        from printmgmt.printing.servers.observers import on_tested  # noqa: PLC0415
        from printmgmt.work.sweeps import register as register_sweep  # noqa: PLC0415

        on_tested(retry_open_holds)
        observers.register(queue_lists.look_after)
        observers.on_jobs(late_jobs.note_late_jobs)
        register(check_steps)
        register_kind(LeaversMail())
        register_kind(BreakerMail())
        for kind in (*KINDS, Approval(), RestoreAll()):
            register_bulk(kind)
        register_sweep(STEP_WORK, perform_all, perform_run)
        register_sweep(long_suspended.SWEEP, long_suspended.remove_due)
        register_sweep(queue_lists.NAME, queue_lists.bring_up_to_date)
        register_sweep(receipts.NAME, receipts.make_due_receipts)
        register_sweep("deprovisioning.anonymise", anonymise_due)
