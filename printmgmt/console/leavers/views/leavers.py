"""Leavers: their runs, and one run with its steps, live."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.generic import DetailView

from printmgmt.console.bulk.selecting import SelectableList
from printmgmt.console.jobs.late import count_late
from printmgmt.console.leavers.bulk import RUN_ACTIONS
from printmgmt.console.leavers.causes import CAUSE, CAUSE_FILTER
from printmgmt.console.leavers.statuses import RUN
from printmgmt.console.people.access_words import warned
from printmgmt.console.people.actions import PersonAction, way_back
from printmgmt.console.people.marks import hold_of
from printmgmt.console.shell.columns import Column, moment, person, status
from printmgmt.console.shell.export import Rows
from printmgmt.console.shell.filters import Select
from printmgmt.console.shell.lists import Action, Empty
from printmgmt.console.shell.mixins import OrganizationMixin
from printmgmt.console.shell.order import Sort
from printmgmt.console.shell.pages import Menu, page
from printmgmt.console.shell.tabs import TabbedList
from printmgmt.console.shell.turns import InTurns
from printmgmt.deprovisioning.deciding import SKIPPABLE, is_approvable
from printmgmt.deprovisioning.models import (
    DeprovisionRun,
    DeprovisionStep,
    LeavingPolicy,
    RunState,
    StepState,
    Trigger,
)
from printmgmt.deprovisioning.policy import shown_policy
from printmgmt.deprovisioning.retention.coming import Coming, coming_to, coming_up
from printmgmt.deprovisioning.services import grace_until
from printmgmt.deprovisioning.steps import STEP_BY_NAME, step_words
from printmgmt.organizations.models import Administrator
from printmgmt.organizations.permissions import LOOK, OVERSEE, REMOVE_PEOPLE, SUSPEND_PEOPLE
from printmgmt.people.models import PrintUser
from printmgmt.printing.models import PrintJob

SOON, LATER = 2, 30
"""Seconds after which the page of an open run asks again: while a step is at work, and while one is dated."""

TABS = [
    (state.value, state.label)
    for state in (
        RunState.ATTENTION,
        RunState.WAITING,
        RunState.WORKING,
        RunState.SETTLED,
        RunState.FINISHED,
        RunState.UNDONE,
        RunState.SUPERSEDED,
    )
]
"""What needs someone first."""

STATE: Column[DeprovisionRun] = status(_("State"), lambda run: run.state, RUN)
LEFT_BY = Column[DeprovisionRun](_("Reason"), DeprovisionRun.get_trigger_display, classes="text-nowrap")
ENDED: Column[DeprovisionRun] = moment(
    _("Access ended"), lambda run: run.cut_at, sorts=[Sort("ended", "cut_at")]
)
NEXT = Column[DeprovisionRun](
    _("Next step due"),
    attrgetter("next_due_at"),
    template="console/leavers/_next.html",
    context={
        "at": attrgetter("next_due_at"),
        "person": attrgetter("person"),
        "coming": lambda run: getattr(run, "coming", None),
    },
)


@page("leavers/", "console:leavers", menu=Menu(_("Leavers"), "door-exit", 60))
class LeaversView(TabbedList[DeprovisionRun], SelectableList[DeprovisionRun]):
    """Runs, the newest first, in a tab for each state; search, way of leaving and cause in the URL."""

    template_name = "console/leavers/leavers.html"
    roles = SUSPEND_PEOPLE
    readers = LOOK
    title = _("Leavers")
    lead = _("People whose access ended, and what happens next.")
    columns = (
        person(_("Person"), lambda run: run.person),
        STATE,
        LEFT_BY,
        CAUSE,
        ENDED,
        NEXT,
    )
    tabs_by = "state"
    bulk_actions = RUN_ACTIONS
    row_page = ("console:run", "run")
    actions = (
        Action(_("Still holding"), "console:still_holding", icon="list-details", primary=False),
        Action(_("Report"), "console:leavers_report", icon="file-text", primary=False),
    )
    filters = (
        Select("state", _("State"), pgettext_lazy("leavers", "All"), TABS),
        Select("trigger", _("Leaving"), _("Suspended or removed"), Trigger.choices),
        CAUSE_FILTER,
    )
    empty = Empty(
        "door-exit",
        _("Nobody has left yet"),
        _(
            "When someone is suspended or removed, their access ends immediately and the follow-up steps "
            "appear here."
        ),
    )
    nothing_fits = _("No matches")
    csv_name = "leavers"
    csv = (
        Column(_("Display name"), lambda run: run.person.display_name),
        Column(_("User name"), lambda run: run.person.user_name),
        STATE,
        LEFT_BY,
        Column(_("Requested"), lambda run: run.requested_at),
        ENDED,
        Column(_("Seconds until access ended"), lambda run: round(run.seconds_to_cut, 3)),
        NEXT,
        Column(_("Immediate steps done"), lambda run: run.settled_at),
        Column(_("Ended"), lambda run: run.ended_at),
        CAUSE,
        Column(_("Ordered by"), lambda run: run.caused_by),
        Column(_("Request"), lambda run: run.request_id),
    )

    def rows(self) -> QuerySet[DeprovisionRun]:
        runs = DeprovisionRun.objects.filter(organization=self.organization)
        return runs.select_related("person").order_by("-cut_at", "-id")

    def csv_rows(self) -> Rows[DeprovisionRun]:
        runs = self.get_queryset()
        return runs if self.sorting.value else InTurns(runs, "cut_at")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, coming_up=coming_up(self.policy))

    def shown(self, rows: Sequence[DeprovisionRun]) -> Sequence[DeprovisionRun]:
        for run in rows:
            # An earlier leaving of someone announces nothing.
            run.coming = coming_to(run.person, self.policy) if _is_last(run) else None  # type: ignore[attr-defined]
        return rows

    @cached_property
    def policy(self) -> LeavingPolicy:
        """The newest one of the organization."""
        return shown_policy(self.organization)

    def find(self, rows: QuerySet[DeprovisionRun], text: str) -> QuerySet[DeprovisionRun]:
        return rows.filter(person__in=PrintUser.objects.of(self.organization).matching(text))


@page("leavers/<uuid:run>/", "console:run")
class RunView(OrganizationMixin, DetailView[DeprovisionRun]):
    """One run. The page asks for itself again while something is still to happen soon.

    Everyone may look; operators also see the buttons.
    """

    template_name = "console/leavers/run.html"
    context_object_name = "run"
    pk_url_kwarg = "run"
    roles = LOOK

    def get_queryset(self) -> QuerySet[DeprovisionRun]:
        runs = DeprovisionRun.objects.filter(organization=self.organization)
        return runs.select_related("person", "policy", "previous", "next")

    def get_template_names(self) -> list[str]:
        return (
            ["console/leavers/_run_live.html"]
            if self.request.headers.get("HX-Request")
            else [self.template_name]
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        run = self.object
        steps = [
            (
                row,
                STEP_BY_NAME.get(row.name),
                step_words(row.name, row.evidence, who=str(run.person)),
                self._offers(row),
            )
            for row in run.steps.order_by("due_at", "id")
        ]
        poll_seconds = SOON if run.state == RunState.WORKING else LATER if run.is_open else None
        role = self.administrator.role
        operates = role in SUSPEND_PEOPLE
        return super().get_context_data(
            **kwargs,
            steps=steps,
            grace_until=grace_until(run),
            coming=self._coming(run),
            hold=hold_of(run.person) if role in OVERSEE else None,
            late=count_late(PrintJob.objects.filter(late_for_run=run.pk)),
            poll_seconds=poll_seconds,
            operates=operates,
            way_back=_way_back(run, self.administrator) if operates else None,
        )

    def _coming(self, run: DeprovisionRun) -> Coming | None:
        return coming_to(run.person, shown_policy(self.organization)) if _is_last(run) else None

    def _offers(self, step: DeprovisionStep) -> "Offers":
        run, role = self.object, self.administrator.role
        operates = role in SUSPEND_PEOPLE
        again = step.state == StepState.ATTENTION or (step.state == StepState.SKIPPED and run.is_open)
        is_busy = step.lease_until is not None and step.lease_until >= timezone.now()
        return Offers(
            retry=operates and again,
            skip=operates and step.state in SKIPPABLE and not is_busy,
            approve=role in REMOVE_PEOPLE and run.person.epoch == run.epoch and is_approvable(step),
            seconds=(step.ended_at - run.requested_at).total_seconds() if step.ended_at else None,
        )


@dataclass(frozen=True)
class Offers:
    """What can be done to a step by who looks, and how long after the request it was done."""

    retry: bool
    skip: bool
    approve: bool
    seconds: float | None


def _is_last(run: DeprovisionRun) -> bool:
    """Whether nothing happened to the person since this leaving."""
    return run.person.epoch == run.epoch


def _way_back(run: DeprovisionRun, by: Administrator) -> PersonAction | None:
    """The button that ends the absence which began with this run; None when it is over, or cannot end."""
    person = run.person
    if not _is_last(run) or person.merged_into_id:
        return None
    back = way_back(person, restorable=timezone.now() < grace_until(run))
    return next(iter(warned([back] if back else [], person, by=by)), None)
