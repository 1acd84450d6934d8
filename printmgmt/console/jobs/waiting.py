"""How long a job has waited, and jobs by that."""

from typing import Final

from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from printmgmt.console.jobs.servers import is_read
from printmgmt.console.jobs.statuses import is_open
from printmgmt.console.shell.filters import Select
from printmgmt.printing.models import IS_OPEN, WAITING, PrintJob

LONGEST_FIRST: Final = "longest-waiting"
"""The value of `ORDER` that puts the job first that has waited longest."""

ORDER: Final = Select(
    "order",
    gettext_lazy("Order"),
    gettext_lazy("Newest first"),
    ((LONGEST_FIRST, gettext_lazy("Longest waiting first")),),
    narrow=lambda jobs, _value: jobs.filter(IS_OPEN, state__in=WAITING),
)


def waited(job: PrintJob) -> str:
    """Say how long a job has waited since it was sent, or had when its server was read last.

    Empty for one that has begun to print, or is over.
    """
    if not is_open(job) or job.state not in WAITING:
        return ""
    until = timezone.now() if is_read(job.server) else job.seen_at
    if (until - job.submitted_at).total_seconds() < 60:  # noqa: PLR2004 -- a minute
        return _("less than a minute")
    return timesince(job.submitted_at, until)
