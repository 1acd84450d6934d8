"""Preview leaving: for the people that a filter matches, and for one person. Looking changes nothing."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from printmgmt.console.leavers.previews import EFFECTS, closing_of, columns_of, trigger_of
from printmgmt.console.people.views.base import PersonMixin
from printmgmt.console.people.views.people import PeopleView
from printmgmt.console.shell.columns import Column, person
from printmgmt.console.shell.filters import Select
from printmgmt.console.shell.leaving_totals import total_lines
from printmgmt.console.shell.lists import Action, Empty, ListPage
from printmgmt.console.shell.order import Sort
from printmgmt.console.shell.pages import page
from printmgmt.deprovisioning.foreseen import Plan
from printmgmt.deprovisioning.models import Trigger
from printmgmt.deprovisioning.policy import shown_policy
from printmgmt.deprovisioning.preview import LeavingPreview, effects_of, preview_leaving
from printmgmt.organizations.permissions import LOOK
from printmgmt.people.attributes import ATTRIBUTES
from printmgmt.people.models import PersonState, PrintUser, PrintUserQuerySet


@page("leavers/preview/", "console:leaving_preview")
class LeavingPreviewView(ListPage[PrintUser]):
    """The people of the People list, by the same filters, and what each would lose."""

    roles = LOOK
    title = _("Preview leaving")
    lead = _("What would happen if these people left now. Nothing is changed by looking.")
    template_name = "console/leavers/preview.html"
    rows_template = "console/leavers/_preview_rows.html"
    actions = (Action(_("Preview a list"), "console:leaving_preview_list", "upload", primary=False),)
    columns = (person(_("Person"), lambda row: row, sorts=[Sort("name", "display_name_key")]), *EFFECTS)
    csv = (
        *(Column[PrintUser](each.label, each.value_of) for each in ATTRIBUTES if each.in_csv),
        *EFFECTS,
    )
    row_page = ("console:person", "person")
    filters = (
        Select(
            "trigger",
            _("Leaving"),
            _("If suspended"),
            ((Trigger.REMOVED.value, _("If removed")),),
            narrow=lambda people, _trigger: people,
        ),
        *PeopleView.filters,
    )
    empty = Empty(
        "users",
        _("Nobody would lose anything"),
        _("Only people who can print now, or are not removed yet, would leave."),
    )
    nothing_fits = _("No matches")
    nothing_fits_hint = _("People who have left already are not counted.")
    csv_name = "leaving-preview"
    has_headings = True

    @cached_property
    def plan(self) -> Plan:
        """How they would leave."""
        trigger = trigger_of(self.value_of("trigger"))
        return Plan(self.organization, trigger, shown_policy(self.organization))

    @cached_property
    def preview(self) -> LeavingPreview:
        """What the leaving would do to whom the filters let through."""
        people, plan = super().get_queryset(), self.plan
        return preview_leaving(people, plan.trigger, by=self.administrator, policy=plan.policy)

    def get_queryset(self) -> QuerySet[PrintUser]:
        return self.preview.people

    def visible(self, columns: Sequence[Column[PrintUser]]) -> Sequence[Column[PrintUser]]:
        return columns_of(super().visible(columns), effects_of(self.plan))

    def rows(self) -> QuerySet[PrintUser]:
        people = PrintUser.objects.of(self.organization).exclude(state=PersonState.ANONYMISED)
        return people.order_by("display_name_key", "id")

    def find(self, rows: PrintUserQuerySet, text: str) -> QuerySet[PrintUser]:
        return rows.matching(text)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if context["rows"]:
            context |= {"totals": total_lines(self.preview), "read_at": self.preview.read_at}
        return context


@page("people/<uuid:person>/preview/", "console:person_preview")
class PersonPreviewView(PersonMixin, TemplateView):
    """What a suspension and a removal of one person would do."""

    roles = LOOK
    template_name = "console/leavers/person_preview.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        people = PrintUser.objects.of(self.organization).filter(pk=self.person.pk)
        previews = [preview_leaving(people, trigger, by=self.administrator) for trigger in Trigger]
        return super().get_context_data(
            **kwargs,
            person=self.person,
            previews=[(each.plan.trigger.label, total_lines(each)) for each in previews if each.number],
            read_at=previews[0].read_at,
            closing=closing_of(self.person, previews[0].plan.policy) if previews[-1].number else [],
        )
