"""The columns of jobs, on pages and in files. Titles are for operators, and in no file."""

from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from printmgmt.console.jobs.buttons import buttons_of, is_controlled
from printmgmt.console.jobs.servers import is_read
from printmgmt.console.jobs.statuses import JOB, is_open, shown_job
from printmgmt.console.jobs.waiting import waited
from printmgmt.console.jobs.words import DOUBTS, devices_of, state_notes
from printmgmt.console.shell.columns import Column, moment
from printmgmt.console.shell.selection import boxes
from printmgmt.organizations.permissions import CONTROL_JOBS
from printmgmt.printing.models import WAITING, PrintJob

BOX: Final = boxes(
    "job", lambda job: _("Select job %(number)s") % {"number": job.remote_id}, offered=is_controlled
)
OWNER: Final[Column[PrintJob]] = Column(
    gettext_lazy("Owner"),
    template="console/jobs/_owner.html",
    context={"job": lambda job: job, "doubt": lambda job: DOUBTS.get(job.doubt, "")},
    classes="column-sentence",
)
TITLE: Final = Column[PrintJob](
    gettext_lazy("Title"),
    template="console/jobs/_title.html",
    context={"title": lambda job: job.title},
    classes="column-text",
    roles=CONTROL_JOBS,
)
STATE: Final = Column[PrintJob](
    gettext_lazy("State"),
    template="console/jobs/_state.html",
    context={
        "status": lambda job: JOB.of(shown_job(job)),
        "notes": lambda job: list(state_notes(job)),
        "run": lambda job: job.held_by_run if is_open(job) else None,
        "as_of": lambda job: job.seen_at if is_open(job) and not is_read(job.server) else None,
        "waited": waited,
    },
    classes="column-text",
)
PRINTER: Final = Column[PrintJob](
    gettext_lazy("Printer"),
    template="console/jobs/_printer.html",
    context={"job": lambda job: job},
    classes="column-text",
)
PRINTED: Final = Column[PrintJob](
    gettext_lazy("Printed"),
    template="console/jobs/_printed.html",
    context={
        "job": lambda job: job,
        "not_begun": lambda job: job.state in WAITING and not job.impressions and not job.sheets,
    },
    classes="tabular",
)
SUBMITTED: Final[Column[PrintJob]] = moment(gettext_lazy("Submitted"), lambda job: job.submitted_at)
ACTIONS: Final = Column[PrintJob](
    gettext_lazy("Actions"),
    template="console/jobs/_actions.html",
    context={
        "job": lambda job: job,
        "buttons": lambda job: buttons_of(job),
        "devices": lambda job: devices_of(job),
    },
    roles=CONTROL_JOBS,
)


def _owner(job: PrintJob) -> str | None:
    return job.person.user_name if job.person else None


def _state(job: PrintJob) -> Any:
    return JOB.of(shown_job(job)).label


def _notes(job: PrintJob) -> str:
    return " ".join(str(note) for note in state_notes(job))


def _doubt(job: PrintJob) -> str:
    if job.person_id or job.anonymised_at:
        return ""
    return str(DOUBTS.get(job.doubt) or _("Unassigned"))


CSV: Final = (
    Column[PrintJob](gettext_lazy("Job number"), lambda job: job.remote_id),
    Column[PrintJob](gettext_lazy("User name"), _owner),
    Column[PrintJob](gettext_lazy("Name on the server"), lambda job: job.owner_text),
    Column[PrintJob](gettext_lazy("Unassigned because"), _doubt),
    Column[PrintJob](gettext_lazy("State"), _state),
    Column[PrintJob](gettext_lazy("Details"), _notes),
    Column[PrintJob](gettext_lazy("Printer"), lambda job: job.printer.name if job.printer else None),
    Column[PrintJob](gettext_lazy("Print server"), lambda job: job.server.name),
    Column[PrintJob](gettext_lazy("Pages"), lambda job: job.impressions),
    Column[PrintJob](gettext_lazy("Sheets"), lambda job: job.sheets),
    SUBMITTED,
    Column[PrintJob](gettext_lazy("Finished"), lambda job: job.finished_at),
    Column[PrintJob](gettext_lazy("As of"), lambda job: job.seen_at),
)
