"""Unassigned jobs: those that wait and are nobody's, who may have sent them, and what to do."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from printmgmt.console.jobs.columns import ACTIONS, OWNER, PRINTER, STATE, SUBMITTED, TITLE
from printmgmt.console.jobs.servers import SERVER_FILTER
from printmgmt.console.jobs.views.jobs import JobsView
from printmgmt.console.jobs.waiting import ORDER
from printmgmt.console.shell.columns import Column
from printmgmt.console.shell.filters import Day, Select, between
from printmgmt.console.shell.lists import Action, Empty
from printmgmt.console.shell.pages import page
from printmgmt.organizations.permissions import LOOK
from printmgmt.printing.jobs.likely import likely_people
from printmgmt.printing.models import IS_OPEN, OwnerDoubt, PrintJob

LIKELY: Column[PrintJob] = Column(
    _("Perhaps"),
    template="console/jobs/_likely.html",
    context={"job": lambda job: job, "people": lambda job: job.likely},  # type: ignore[attr-defined]
    classes="column-text",
)


@page("jobs/unassigned/", "console:unassigned_jobs")
class UnassignedJobsView(JobsView):
    """Jobs of nobody that are not over, the newest first."""

    template_name = "console/jobs/unassigned.html"
    roles = LOOK
    title = _("Unassigned jobs")
    lead = _(
        "Jobs whose sender is not known. No leaving holds or cancels them, and no one can release them at a "
        "station. Say whose they are, or cancel them."
    )
    columns = (
        OWNER,
        LIKELY,
        TITLE,
        STATE,
        PRINTER,
        SUBMITTED,
        ACTIONS,
    )
    filters: Sequence[Select | Day] = (
        Select(
            "doubt",
            _("Reason"),
            _("All reasons"),
            [choice for choice in OwnerDoubt.choices if choice[0]],
        ),
        SERVER_FILTER,
        *between("submitted_at"),
        ORDER,
    )
    actions: Sequence[Action] = ()
    empty = Empty("circle-check", _("Every job that waits has an owner."))
    csv_name = "unassigned-jobs"

    def rows(self) -> QuerySet[PrintJob]:
        return super().rows().filter(IS_OPEN, person__isnull=True, anonymised_at__isnull=True)

    def shown(self, rows: Sequence[PrintJob]) -> Sequence[PrintJob]:
        shown = super().shown(rows)
        likely = likely_people(self.organization, shown)
        for job in shown:
            job.likely = likely.get(job.pk, [])  # type: ignore[attr-defined]
        return shown
