"""What waits for a person at a station, and its release or deletion."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from printmgmt.audit.actors import Actor
from printmgmt.audit.models import ActorKind
from printmgmt.printing.jobs.actions import cancel_job, release_job
from printmgmt.printing.models import WAITING, JobState, PrintJob
from printmgmt.printing.secure_release.devices import check_device
from printmgmt.printing.secure_release.errors import DevicesUnfit
from printmgmt.printing.stations.errors import JobNotHere, StationError, WrongPrinter, WrongServer
from printmgmt.printing.stations.visits import Visit


def waiting_jobs(visit: Visit) -> QuerySet[PrintJob]:
    """The person's jobs that wait to be released, the newest first.

    Those are held ones, and those in a stopped secure release queue. What is held because its owner left is
    not among them, also after the person came back: an administrator decides about it.
    """
    rows = PrintJob.objects.filter(
        Q(state=JobState.HELD) | Q(state__in=WAITING, printer__secure_since__isnull=False),
        organization=visit.station.organization_id,
        person=visit.person,
        gone_at__isnull=True,
        held_by_run__isnull=True,
    )
    rows = rows.select_related("server", "printer", "organization")
    return rows.order_by("-submitted_at", "-id")


def release_waiting(visit: Visit, job: PrintJob, *, by: Actor) -> PrintJob:
    """Print a waiting job at the station's printer.

    Raises WrongServer, WrongPrinter, StationError, JobError and IppError.
    """
    printer = visit.station.printer
    if printer is None or printer.missing_since is not None:
        raise StationError(_("This station has no printer. Tell your administrator."))
    if job.server_id != printer.server_id:
        raise WrongServer(_where(job))
    try:
        check_device(job, printer)
    except DevicesUnfit as error:
        raise WrongPrinter(str(error)) from error
    return release_job(job, by=by, to=printer)


def delete_waiting(job: PrintJob, *, by: Actor) -> PrintJob:
    """Delete a waiting job: its document is gone. Raises JobError, IppError."""
    return cancel_job(job, by=by)


def find_waiting(visit: Visit, job_id: int) -> PrintJob:
    """One of `waiting_jobs`. Raises JobNotHere, also for a job of someone else."""
    job = waiting_jobs(visit).filter(pk=job_id).first()
    if job is None:
        raise JobNotHere
    return job


def actor_of(visit: Visit, *, request_id: str = "") -> Actor:
    """The station as the actor; the person is named by the job that is acted on."""
    label = _("Station %s") % visit.station.name
    return Actor(kind=ActorKind.TOKEN, label=label, id=str(visit.station.pk), request_id=request_id)


def _where(job: PrintJob) -> str:
    if job.printer is None:
        return _("This job waits on another print server.")
    printer = {"printer": job.printer.name, "location": job.printer.location}
    if job.printer.location:
        return _("This job waits at %(printer)s (%(location)s). Release it there.") % printer
    return _("This job waits at %(printer)s. Release it there.") % printer
