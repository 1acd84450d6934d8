"""People: the list."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from printmgmt.console.shell.export import Column, CsvMixin
from printmgmt.console.shell.filters import Filter, FilteredMixin, choose
from printmgmt.console.shell.sources import choose_source, of_source, source_words
from printmgmt.organizations.permissions import EDIT_PEOPLE, LOOK
from printmgmt.people.attributes import ATTRIBUTES
from printmgmt.people.models import SHOWN_AS, PrintUser, ShownState

STATES = [(state.value, state.label) for state in ShownState if state != ShownState.ANONYMISED]


class PeopleView(FilteredMixin, CsvMixin[PrintUser]):
    """Search, state and source in the URL; pages over 100,000 rows."""

    template_name = "console/people/people.html"
    context_object_name = "people"
    paginate_by = 50
    roles = LOOK
    csv_name = "people"

    @property
    def csv_columns(self) -> Sequence[Column[PrintUser]]:
        return [
            *(Column[PrintUser](each.label, each.value_of) for each in ATTRIBUTES if each.in_csv),
            Column(_("State"), lambda person: person.shown_state.label),
            Column(_("Since"), lambda person: person.state_since),
            Column(_("Source"), lambda person: source_words(person.source)),
            Column(_("In this console since"), lambda person: person.created_at),
            Column(_("Id, here and in SCIM"), lambda person: person.pk),
        ]

    def get_queryset(self) -> QuerySet[PrintUser]:
        people = PrintUser.objects.of(self.organization)
        people = people.filter(SHOWN_AS[self.state.value]) if self.state.value else people.live()
        people = people.filter(of_source(self.source.value))
        if self.search:
            people = people.matching(self.search)
        return people.order_by("display_name_key", "id")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, operates=self.administrator.role in EDIT_PEOPLE)

    @property
    def filters(self) -> list[Filter]:
        return [self.state, self.source]

    @property
    def state(self) -> Filter:
        return choose("state", _("State"), _("Not removed"), STATES, self.request.GET)

    @property
    def source(self) -> Filter:
        return choose_source(self.request.GET)
