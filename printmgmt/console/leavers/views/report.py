"""The leavers report between two days: totals, exceptions, a sample, and what the directory sent."""

import secrets
from datetime import date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import Avg, Count, F, Max, Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from printmgmt.console.leavers.report_columns import COLUMNS, FILE, PRINTED, with_report
from printmgmt.console.leavers.sampling import draw
from printmgmt.console.shell.export import Rows
from printmgmt.console.shell.extensions import extensions
from printmgmt.console.shell.filters import Filter, between
from printmgmt.console.shell.lists import Empty, ListPage
from printmgmt.console.shell.pages import page
from printmgmt.console.shell.parameters import FIRST_DAY, day_of, midnight, number_of, text_of
from printmgmt.console.shell.turns import InTurns
from printmgmt.deprovisioning.models import DeprovisionRun, RunState, Trigger
from printmgmt.organizations.permissions import LOOK
from printmgmt.people.models import PrintUser

USUAL: Final = timedelta(days=30)
MOST_PRINTED: Final = 500
"""Rows in the print view; the file has them all."""
LARGEST_SAMPLE: Final = 500


@page("leavers/report/", "console:leavers_report")
class LeaversReportView(ListPage[DeprovisionRun]):
    """Runs whose access ended from one day to another, in the organization's time zone."""

    template_name = "console/leavers/report.html"
    roles = LOOK
    title = _("Leavers report")
    lead = _("Everyone whose access ended between two days, what was done, and what was not.")
    columns = COLUMNS
    csv = FILE
    csv_name = "leavers-report"
    row_page = ("console:run", "run")
    filters = between("cut_at")
    empty = Empty("door-exit", _("Nobody left in this time"))
    nothing_fits = _("No matches")

    # As in CsvMixin: a download is no HttpResponse.
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        """Show the report; draw a seed for a sample that has none, so that its address shows it again."""
        if self.sample and not self.seed:
            return redirect(f"{request.path}?{self.address_query(seed=str(secrets.randbelow(10**8)))}")
        return super().get(request, *args, **kwargs)

    @cached_property
    def chosen(self) -> dict[str, Filter]:
        """The days; those that the address leaves out are the last ones until today."""
        query = self.request.GET.copy()
        until = day_of(query, "until") or timezone.localdate()
        since = day_of(query, "since") or max(until, FIRST_DAY + USUAL) - USUAL
        query["since"], query["until"] = since.isoformat(), until.isoformat()
        return {declared.name: declared.read(query, self) for declared in self.filters}

    def address_query(self, **more: str) -> str:
        """The query of the address that shows this report again, with ``more``."""
        query = {name: self.value_of(name) for name in ("since", "until")}
        if self.search:
            query["q"] = self.search
        if self.sample:
            query |= {"sample": str(self.sample), "seed": self.seed}
        return urlencode(query | more)

    @property
    def sample(self) -> int:
        """How many runs to draw; 0 for all."""
        return min(number_of(self.request.GET, "sample") or 0, LARGEST_SAMPLE)

    @property
    def seed(self) -> str:
        return text_of(self.request.GET, "seed")

    @cached_property
    def span(self) -> tuple[datetime, datetime]:
        """From the beginning of the first day to the end of the last one."""
        since, until = (date.fromisoformat(self.value_of(name)) for name in ("since", "until"))
        return midnight(since), midnight(until, days=1)

    def rows(self) -> QuerySet[DeprovisionRun]:
        runs = DeprovisionRun.objects.filter(organization=self.organization)
        return runs.order_by("-cut_at", "-id")

    def find(self, rows: QuerySet[DeprovisionRun], text: str) -> QuerySet[DeprovisionRun]:
        return rows.filter(person__in=PrintUser.objects.of(self.organization).matching(text))

    def get_queryset(self) -> QuerySet[DeprovisionRun]:
        runs = super().get_queryset()
        if self.sample:
            ids = runs.order_by().values_list("pk", flat=True).iterator(chunk_size=1000)
            runs = runs.filter(pk__in=draw(ids, self.sample, self.seed))
        return with_report(runs)

    def csv_rows(self) -> Rows[DeprovisionRun]:
        return InTurns(self.get_queryset(), "cut_at")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        since, until = self.span
        return super().get_context_data(
            **kwargs,
            totals=_totals(self.narrowed(self.rows()).order_by()),
            directories=extensions.directory_leavings(self.organization, since, until),
            sample=self.sample,
            seed=self.seed,
        )


@page("leavers/report/print/", "console:leavers_report_print")
class LeaversReportPrintView(LeaversReportView):
    """The same on one long page, to print: ``MOST_PRINTED`` rows at most, which it says."""

    template_name = "console/leavers/report_print.html"
    columns = PRINTED
    paginate_by = MOST_PRINTED


def _totals(runs: QuerySet[DeprovisionRun]) -> dict[str, Any]:
    """Count runs by how they came and where they stand. One query."""
    wait = F("cut_at") - F("requested_at")
    counted = {state.value: Count("pk", filter=Q(state=state)) for state in RunState}
    return runs.aggregate(
        all=Count("pk"),
        by_suspension=Count("pk", filter=Q(trigger=Trigger.SUSPENDED)),
        by_removal=Count("pk", filter=Q(trigger=Trigger.REMOVED)),
        longest=Max(wait),
        usual=Avg(wait),
        **counted,
    )
