"""What is said of a job in sentences: why it waits, who holds it, why it is nobody's."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from printmgmt.console.jobs.reasons import job_reasons
from printmgmt.console.jobs.statuses import is_open
from printmgmt.console.shell.navigation import Text
from printmgmt.printing.models import WAITING, JobState, OwnerDoubt, Printer, PrintJob

DOUBTS: Final[Mapping[str, Text]] = {
    OwnerDoubt.HIDDEN: gettext_lazy("The server hides the owner."),
    OwnerDoubt.MISSING: gettext_lazy("The job names no owner."),
    OwnerDoubt.FORGED: gettext_lazy("The job names two owners, so one of them is false."),
    OwnerDoubt.UNKNOWN: gettext_lazy("No person prints under this name."),
    OwnerDoubt.AMBIGUOUS: gettext_lazy("Several people print under this name."),
    OwnerDoubt.REUSED: gettext_lazy("This name belongs to someone else now."),
}

# RFC 8011 §5.2.2, PWG 5100.7 §6.8.8.
_UNTIL: Final[Mapping[str, Text]] = {
    "day-time": gettext_lazy("Prints during the day."),
    "evening": gettext_lazy("Prints in the evening."),
    "night": gettext_lazy("Prints at night."),
    "weekend": gettext_lazy("Prints on the weekend."),
    "second-shift": gettext_lazy("Prints in the second shift."),
    "third-shift": gettext_lazy("Prints in the third shift."),
    "end-of-day": gettext_lazy("Prints at the end of the day."),
}
_CLOCK: Final = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")


def in_release_queue(job: PrintJob) -> bool:
    """Whether a job is in a secure release queue: its release moves it to a device of the queue."""
    return job.printer is not None and job.printer.secure_since is not None


def devices_of(job: PrintJob) -> list[Printer]:
    """Return the printers at which a job may be released; none where its own queue prints it.

    Reads what was prefetched: the devices of its queue.
    """
    if job.printer is None or not in_release_queue(job):
        return []
    devices = job.printer.devices.all()
    return [device for device in devices if device.missing_since is None and not device.is_class]


def state_notes(job: PrintJob) -> Iterator[Text]:
    """Say, in sentences, who holds a job and why it is in its state."""
    if job.late_for_run is not None:
        yield _("Sent after its owner had left.")
    if is_open(job):
        if job.state in WAITING:
            yield from _why_it_waits(job)
        yield from job_reasons(job.state_reasons)
    elif job.gone_at and job.finished_at is None:
        yield _("Its end was not seen.")
    else:
        yield from job_reasons(job.state_reasons)


def _why_it_waits(job: PrintJob) -> Iterator[Text]:
    if job.held_by_run is not None:
        yield _("Held because its owner left.")
    elif job.held_by:
        yield _("Held by %(by)s.") % {"by": job.held_by}
    elif in_release_queue(job):
        yield _("Waits until its owner releases it.")
    elif job.state == JobState.HELD and "job-incoming" not in job.state_reasons:
        yield _until(job.hold_until)


def _until(hold_until: str) -> Text:
    if _CLOCK.fullmatch(hold_until):
        return _("Prints at %(time)s (UTC).") % {"time": hold_until}
    return _UNTIL.get(hold_until) or _("Held by its owner or by the print server.")
