"""What the leavers report says of each run: times, exceptions, and its receipt."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from printmgmt.console.leavers.statuses import RUN, STEP
from printmgmt.console.shell.columns import Column, moment, number, person, status
from printmgmt.deprovisioning.models import DeprovisionRun, DeprovisionStep, Receipt, RunState, StepState
from printmgmt.deprovisioning.steps import step_label
from printmgmt.organizations.moments import write_moment
from printmgmt.printing.models import PrintJob

ORDINARY = (StepState.DONE, StepState.PENDING, StepState.UNDONE, StepState.SUPERSEDED)
"""States of steps that are no exception. What restored or replaced a run is in the state of the run."""


def with_report(runs: QuerySet[DeprovisionRun]) -> QuerySet[DeprovisionRun]:
    """Read what the columns need: for a page, or for each chunk of a file, one query more."""
    exceptional = DeprovisionStep.objects.exclude(state__in=ORDINARY).order_by("id")
    # Read for each run that is shown: a join would be grouped over all runs before the page is cut out.
    newest = Receipt.objects.filter(run=OuterRef("pk")).order_by("-version").values("version")[:1]
    late = PrintJob.objects.filter(late_for_run=OuterRef("pk")).order_by().values("late_for_run")
    runs = runs.select_related("person").annotate(
        receipt_version=Subquery(newest), late=Subquery(late.annotate(number=Count("pk")).values("number"))
    )
    return runs.prefetch_related(Prefetch("steps", exceptional, to_attr="exceptional"))


def exceptions_of(run: DeprovisionRun) -> list[str]:
    """Return what did not go as ordered, in words."""
    steps: Iterable[Any] = run.exceptional  # type: ignore[attr-defined]  # prefetched
    found = [f"{step_label(step.name)}: {STEP.of(step.state).label}" for step in steps]
    if run.state in (RunState.UNDONE, RunState.SUPERSEDED, RunState.WAITING):
        found.insert(0, str(RUN.of(run.state).label))
    if late := run.late:  # type: ignore[attr-defined]  # annotated
        found.append(_("Print jobs sent after leaving: %(number)d") % {"number": late})
    return list(dict.fromkeys(found))


def _receipt(run: DeprovisionRun) -> str:
    version = run.receipt_version  # type: ignore[attr-defined]  # annotated
    return _("Version %(number)d") % {"number": version} if version else ""


def _seconds(run: DeprovisionRun) -> float:
    return round(run.seconds_to_cut, 3)


_ENDED: Column[DeprovisionRun] = moment(gettext_lazy("Access ended"), lambda run: run.cut_at)

COLUMNS: tuple[Column[DeprovisionRun], ...] = (
    person(gettext_lazy("Person"), lambda run: run.person),
    Column(gettext_lazy("Reason"), DeprovisionRun.get_trigger_display, classes="text-nowrap"),
    status(gettext_lazy("State"), lambda run: run.state, RUN),
    _ENDED,
    number(gettext_lazy("Seconds"), lambda run: number_format(_seconds(run), 3)),
    Column(gettext_lazy("Exceptions"), lambda run: ". ".join(exceptions_of(run)), classes="column-sentence"),
    Column(gettext_lazy("Receipt"), _receipt, classes="text-nowrap"),
)

PRINTED: tuple[Column[DeprovisionRun], ...] = tuple(
    Column(_ENDED.heading, lambda run: write_moment(run.cut_at, seconds=True), classes="text-nowrap")
    if column is _ENDED
    else column
    for column in COLUMNS
)
"""On paper a moment is read long after; and how long ago each was costs as much as the rest of its row."""

FILE: tuple[Column[DeprovisionRun], ...] = (
    Column(gettext_lazy("Run"), lambda run: run.pk),
    Column(gettext_lazy("Display name"), lambda run: run.person.display_name),
    Column(gettext_lazy("User name"), lambda run: run.person.user_name),
    Column(gettext_lazy("Reason"), DeprovisionRun.get_trigger_display),
    Column(gettext_lazy("State"), lambda run: RUN.of(run.state).label),
    Column(gettext_lazy("Requested"), lambda run: run.requested_at),
    Column(gettext_lazy("Access ended"), lambda run: run.cut_at),
    Column(gettext_lazy("Seconds until access ended"), _seconds),
    Column(gettext_lazy("Immediate steps done"), lambda run: run.settled_at),
    Column(gettext_lazy("Exceptions"), lambda run: ". ".join(exceptions_of(run))),
    Column(gettext_lazy("Receipt"), _receipt),
    Column(gettext_lazy("Cause"), lambda run: run.caused_by),
    Column(gettext_lazy("Request"), lambda run: run.request_id),
)
