"""What steps on print servers have in common: their targets, and what an error of a server means to them."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final, TypeVar
from uuid import UUID

import structlog
from django.db.models import Max
from django.utils.translation import gettext as _

from printmgmt.deprovisioning.models import DeprovisionRun
from printmgmt.deprovisioning.steps.base import Evidence, StepError, Target
from printmgmt.people.models import PrintUser
from printmgmt.printing.ipp import errors
from printmgmt.printing.jobs.errors import JobIsAnother
from printmgmt.printing.jobs.names import CLOCK_ERROR
from printmgmt.printing.leavers.looking import Seen
from printmgmt.printing.leavers.of_person import Theirs
from printmgmt.printing.leavers.open_jobs import OpenJobs
from printmgmt.printing.models import PrintJob, PrintServer
from printmgmt.printing.servers.adding import order_round

log = structlog.get_logger(__name__)

T = TypeVar("T")

_FOR_PEOPLE: Final = (
    errors.Forbidden,
    errors.NotSupported,
    errors.Refused,
    errors.UnsafeConnection,
    errors.UntrustedCertificate,
)
"""Errors that last until someone changes something on the server or in the console."""

_LONGEST: Final = 40.0
"""Seconds after which an attempt begins with no further job: other leavers wait as well."""


def server_targets(run: DeprovisionRun) -> list[Target]:
    """Return one target for each print server that the console manages. One query in a run, for all steps."""
    return [Target("print-server", str(server.pk), server.name) for server in run.print_servers]


def server_of(target: Target) -> PrintServer:
    """Return the print server of a target as it is now."""
    return PrintServer.objects.select_related("organization", "leavers_printer").get(pk=UUID(target.id))


@contextmanager
def asking(server: PrintServer) -> Iterator[None]:
    """Make errors of a print server into the StepError that says whether to try again."""
    try:
        yield
    except errors.IppError as error:
        log.warning("a print server did not do it", server=str(server.pk), error=error.technical)
        raise StepError(str(error), permanent=isinstance(error, _FOR_PEOPLE)) from error
    except JobIsAnother as error:
        # The round finds out what became of the jobs; then this is tried again.
        order_round(server)
        raise StepError(
            _("The print server was set up again, and the console is reading it."), permanent=False
        ) from error


def skips(server: PrintServer, evidence: Evidence) -> bool:
    """Whether nothing is done on a server, which was removed or paused since the person left; note why."""
    evidence.pop("skipped", None)
    if server.removed_at is not None:
        evidence["skipped"] = "removed"
    elif server.paused_at is not None:
        evidence["skipped"] = "paused"
    return "skipped" in evidence


def note_read(evidence: Evidence, there: OpenJobs, theirs: Theirs) -> None:
    """Note how many jobs were looked through, when, and what is in doubt."""
    evidence["read"] = {"open": len(there.jobs), "at": there.sent_at.isoformat()}
    for key, value in (("doubts", dict(theirs.doubts)), ("hidden", there.hidden)):
        if value:
            evidence[key] = value
        else:
            evidence.pop(key, None)


def last_known(run: DeprovisionRun, server: PrintServer, evidence: Evidence, at: datetime) -> datetime:
    """Return after which moment a server has to be read: ``at``, or when the last job came after the leaving.

    One statement for a step that acts again, none the first time.
    """
    if "read" not in evidence:
        return at
    late = PrintJob.objects.filter(late_for_run=run.pk, server=server)
    newest = late.aggregate(newest=Max("submitted_at"))["newest"]
    return max(at, newest) if newest else at


def is_late(run: DeprovisionRun, submitted_at: datetime) -> bool:
    """Whether a job certainly came after access had ended."""
    return submitted_at > run.cut_at + CLOCK_ERROR


def late_mark(run: DeprovisionRun, seen: Seen) -> dict[str, bool]:
    """Return what the entry of a job says besides: that it came after access had ended."""
    return {"late": True} if is_late(run, seen.row.submitted_at) else {}


def note_job(evidence: Evidence, key: str, seen: Seen, **more: object) -> dict[str, Any]:
    """Add a job to a list of the evidence, unless it is there; return its entry."""
    entries: list[dict[str, Any]] = evidence.setdefault(key, [])
    for entry in entries:
        if entry["job"] == seen.row.remote_id:
            return entry
    entries.append({"job": seen.row.remote_id, "printer": seen.job.printer_name, **more})
    return entries[-1]


def stop_if_hidden(there: OpenJobs) -> None:
    """Raise StepError if the server hides owners: then a person's jobs cannot all be found."""
    if there.hidden:
        raise StepError(
            _(
                "The print server does not show who owns its jobs, so not all jobs of this person can be "
                "found. Its page shows what to change."
            ),
            permanent=True,
        )


def in_time(items: Iterable[T], *, said: str = "") -> Iterator[T]:
    """Yield items as long as there is time. Raises StepError if there is none: a later attempt goes on.

    ``said`` is its sentence, by default about many jobs.
    """
    deadline = time.monotonic() + _LONGEST
    for item in items:
        if time.monotonic() > deadline:
            raise StepError(
                said or _("There are many jobs. This continues shortly."), permanent=False, goes_on=True
            )
        yield item


def is_away(run: DeprovisionRun) -> bool:
    """Whether the person, or who they were merged into, has left again since the return that is undone."""
    person = PrintUser.objects.get(pk=run.person.merged_into_id or run.person_id)
    return person.is_gone


def stop_if_over(run: DeprovisionRun) -> None:
    """Raise StepError if the person came back, or left again, since the attempt began."""
    if PrintUser.objects.values_list("epoch", flat=True).get(pk=run.person_id) != run.epoch:
        raise StepError(_("The person came back, or left again, in the meantime."), permanent=False)
