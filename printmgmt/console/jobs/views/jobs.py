"""Jobs: the list."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from printmgmt.console.jobs.buttons import BUTTONS, is_controlled
from printmgmt.console.jobs.columns import (
    ACTIONS,
    BOX,
    CSV,
    OWNER,
    PRINTED,
    PRINTER,
    STATE,
    SUBMITTED,
    TITLE,
)
from printmgmt.console.jobs.entries import prefetch_devices
from printmgmt.console.jobs.late import IS_LATE, LEFT_BEFORE
from printmgmt.console.jobs.search import jobs_meant
from printmgmt.console.jobs.servers import SERVER_FILTER, ServersMixin
from printmgmt.console.jobs.statuses import STATE_ROWS, STATES
from printmgmt.console.jobs.waiting import LONGEST_FIRST, ORDER
from printmgmt.console.shell.columns import Column
from printmgmt.console.shell.filters import Day, Select, between
from printmgmt.console.shell.ids import ids_in
from printmgmt.console.shell.lists import Action, Empty, GrowingListPage
from printmgmt.console.shell.navigation import Text
from printmgmt.console.shell.pages import Menu, page
from printmgmt.console.shell.selection import Selection
from printmgmt.organizations.permissions import CONTROL_JOBS, LOOK
from printmgmt.people.models import PrintUser
from printmgmt.printing.models import Printer, PrintJob

_OWNERS = {"nobody": Q(person__isnull=True, anonymised_at__isnull=True), LEFT_BEFORE: IS_LATE}

LABEL_LENGTH = 40
"""Characters of a name in a select."""


def _chosen_printer(view: "JobsView") -> Iterator[tuple[str, Text]]:
    ids = ids_in(view.request.GET.getlist("printer"))
    for printer in Printer.objects.filter(organization=view.organization, pk__in=ids):
        yield str(printer.pk), Truncator(printer.name).chars(LABEL_LENGTH)


def _chosen_person(view: "JobsView") -> Iterator[tuple[str, Text]]:
    ids = ids_in(view.request.GET.getlist("person"))
    for person in PrintUser.objects.of(view.organization).filter(pk__in=ids):
        yield str(person.pk), Truncator(str(person)).chars(LABEL_LENGTH)


def _of_person(jobs: QuerySet[PrintJob], person: str) -> QuerySet[PrintJob]:
    """Jobs of a person, and of the rows merged into theirs."""
    merged = PrintUser.objects.filter(merged_into=UUID(person)).values_list("pk", flat=True)
    return jobs.filter(person__in=[person, *merged])


@page("jobs/", "console:jobs", menu=Menu(_("Jobs"), "file-text", 45))
class JobsView(ServersMixin, GrowingListPage[PrintJob]):
    """Every job that was seen, the newest first; a million cost what a hundred do."""

    template_name = "console/jobs/jobs.html"
    roles = LOOK
    newest_by = "submitted_at"
    title = _("Jobs")
    lead = _("Jobs that wait on your print servers, and jobs that were printed.")
    columns: Sequence[Column[PrintJob]] = (OWNER, TITLE, STATE, PRINTER, PRINTED, SUBMITTED, ACTIONS)
    filters: Sequence[Select | Day] = (
        Select(
            "state",
            _("State"),
            _("All states"),
            STATES,
            narrow=lambda jobs, value: jobs.filter(STATE_ROWS[value]),
        ),
        Select(
            "owner",
            _("Owner"),
            _("All owners"),
            (("nobody", _("Unassigned")), (LEFT_BEFORE, _("Had left before"))),
            narrow=lambda jobs, value: jobs.filter(_OWNERS[value]),
        ),
        SERVER_FILTER,
        Select("printer", _("Printer"), _("All printers"), _chosen_printer, only_when_chosen=True),
        Select(
            "person", _("Person"), _("All people"), _chosen_person, narrow=_of_person, only_when_chosen=True
        ),
        *between("submitted_at"),
        ORDER,
    )
    placeholder = _("Person, name on the server, job number or printer")
    actions: Sequence[Action] = (
        Action(_("Unassigned jobs"), "console:unassigned_jobs", icon="user-exclamation", primary=False),
    )
    empty = Empty(
        "file-text",
        _("No jobs yet"),
        _("Jobs appear here as soon as someone prints."),
        Action(_("Go to Printers"), "console:printers", "printer"),
    )
    nothing_fits = _("No matches")
    nothing_fits_hint = _("To find a name on the server, enter it in full.")
    csv_name = "jobs"
    csv = CSV

    def rows(self) -> QuerySet[PrintJob]:
        jobs = PrintJob.objects.filter(organization=self.organization)
        jobs = jobs.select_related("person", "printer", "server")
        if self.administrator.role not in CONTROL_JOBS:
            jobs = jobs.defer("title")
        return jobs.order_by("-submitted_at", "-id")

    def find(self, rows: QuerySet[PrintJob], text: str) -> QuerySet[PrintJob]:
        return rows.filter(self._meant)

    @cached_property
    def _meant(self) -> Q:
        """What the text searched for means; a list asks for its rows twice."""
        return jobs_meant(self.organization, self.search)

    @property
    def oldest_first(self) -> bool:
        return ORDER.read(self.request.GET).value == LONGEST_FIRST

    def shown(self, rows: Sequence[PrintJob]) -> Sequence[PrintJob]:
        prefetch_devices(rows)
        return rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        controls = self.administrator.role in CONTROL_JOBS
        selectable = controls and any(map(is_controlled, context["rows"]))
        return {**context, "controls": controls, "selection": self._selection() if selectable else None}

    def _selection(self) -> Selection:
        return Selection(
            url=reverse("console:jobs_change", args=[self.organization.slug]),
            buttons=BUTTONS,
            box=BOX,
            back=self.request.get_full_path(),
        )
