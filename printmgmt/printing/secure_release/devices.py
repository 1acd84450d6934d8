"""At which printers the jobs of a secure release queue may be released."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from printmgmt.printing.jobs.places import names_of
from printmgmt.printing.models import Printer, PrinterState, PrintJob
from printmgmt.printing.secure_release.errors import DevicesUnfit


def devices_for(job: PrintJob) -> list[Printer]:
    """Return the printers at which a job may be released; none where it is released in its own queue.

    Those that the server no longer has, or has as a class, are left out.
    """
    if job.printer is None or job.printer.secure_since is None:
        return []
    return list(job.printer.devices.filter(missing_since__isnull=True, is_class=False).order_by("name"))


def check_device(job: PrintJob, at: Printer) -> None:
    """Raise DevicesUnfit, which names the right ones, if the job may not be released at ``at``."""
    if job.printer is None or job.printer.secure_since is None:
        return
    devices = devices_for(job)
    if at in devices:
        return
    if not devices:
        raise DevicesUnfit(
            _("The queue %(queue)s has no printer left where jobs can be released. Tell your administrator.")
            % {"queue": job.printer.name}
        )
    raise DevicesUnfit(
        _("Jobs of the queue %(queue)s can be released at: %(printers)s.")
        % {"queue": job.printer.name, "printers": names_of(devices)}
    )


def possible_devices(queue: Printer) -> QuerySet[Printer]:
    """Return the printers that may be devices of a queue, by name; its present ones are always among them."""
    fit = Q(missing_since__isnull=True, is_class=False, secure_since__isnull=True, state__isnull=False) & ~Q(
        state=PrinterState.STOPPED
    )
    rows = Printer.objects.filter(server=queue.server_id).exclude(pk=queue.pk)
    return rows.filter(fit | Q(pk__in=queue.devices.values("pk"))).order_by("name")
