"""How a job is shown: in a word and a color, and which rows are in each state."""

from collections.abc import Mapping
from typing import Final

from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from printmgmt.console.shell.statuses import Statuses
from printmgmt.printing.models import IS_OPEN, OPEN, JobState, PrintJob


class ShownJob(TextChoices):
    """What is shown of the state of a job."""

    WAITING = "waiting", pgettext_lazy("print job", "Waiting")
    HELD = "held", pgettext_lazy("print job", "Held")
    PRINTING = "printing", pgettext_lazy("print job", "Printing")
    STOPPED = "stopped", pgettext_lazy("print job", "Stopped")
    PRINTED = "printed", pgettext_lazy("print job", "Printed")
    CANCELED = "canceled", pgettext_lazy("print job", "Canceled")
    ABORTED = "aborted", pgettext_lazy("print job", "Failed")
    GONE = "gone", pgettext_lazy("print job", "No longer on the server")


JOB: Final = Statuses(
    ShownJob,
    {
        ShownJob.WAITING: "azure",
        ShownJob.HELD: "yellow",
        ShownJob.PRINTING: "blue",
        ShownJob.STOPPED: "orange",
        ShownJob.PRINTED: "green",
        ShownJob.ABORTED: "red",
    },
    busy=frozenset({ShownJob.PRINTING}),
)

_SHOWN: Final[Mapping[int, ShownJob]] = {
    JobState.PENDING: ShownJob.WAITING,
    JobState.HELD: ShownJob.HELD,
    JobState.PROCESSING: ShownJob.PRINTING,
    JobState.STOPPED: ShownJob.STOPPED,
    JobState.CANCELED: ShownJob.CANCELED,
    JobState.ABORTED: ShownJob.ABORTED,
    JobState.COMPLETED: ShownJob.PRINTED,
}

OPEN_NOW: Final = "open"
"""The filter's value for everything that is not over."""

STATES: Final = (
    (OPEN_NOW, _("Not finished")),
    ("waiting", ShownJob.WAITING.label),
    ("held", ShownJob.HELD.label),
    ("printing", ShownJob.PRINTING.label),
    ("over", _("Finished")),
)

STATE_ROWS: Final[Mapping[str, Q]] = {
    OPEN_NOW: IS_OPEN,
    "waiting": IS_OPEN & Q(state=JobState.PENDING),
    "held": IS_OPEN & Q(state=JobState.HELD),
    "printing": IS_OPEN & Q(state__in=[JobState.PROCESSING, JobState.STOPPED]),
    "over": ~Q(state__in=OPEN) | Q(gone_at__isnull=False),
}
"""The rows of each of `STATES`."""


def shown_job(job: PrintJob) -> ShownJob:
    """Return how a job is shown."""
    return ShownJob.GONE if job.gone_at and job.state in OPEN else _SHOWN[job.state]


def is_open(job: PrintJob) -> bool:
    """Whether a job is not over, as far as we know (`IS_OPEN` says the same of rows)."""
    return job.state in OPEN and job.gone_at is None
