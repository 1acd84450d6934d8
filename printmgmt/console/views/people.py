"""People: the list."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from printmgmt.console.export import Column, CsvMixin
from printmgmt.console.extensions import extensions
from printmgmt.console.filters import Filter, FilteredMixin, choose
from printmgmt.organizations.roles import EVERYONE, OPERATORS
from printmgmt.people.models import CONSOLE, PersonState, PrintUser

STATES = [(state.value, state.label) for state in PersonState if state != PersonState.ANONYMISED]


class PeopleView(FilteredMixin, CsvMixin[PrintUser]):
    """Search, state and source in the URL; pages over 100,000 rows."""

    template_name = "console/people.html"
    context_object_name = "people"
    paginate_by = 50
    roles = EVERYONE
    csv_name = "people"

    @property
    def csv_columns(self) -> Sequence[Column[PrintUser]]:
        return [
            Column(_("User name"), lambda person: person.user_name),
            Column(_("Display name"), lambda person: person.display_name),
            Column(_("Work e-mail"), lambda person: person.work_email),
            Column(_("Department"), lambda person: person.department),
            Column(_("Employee number"), lambda person: person.employee_number),
            Column(_("Preferred language"), lambda person: person.preferred_language),
            Column(_("State"), PrintUser.get_state_display),
            Column(_("Since"), lambda person: person.state_since),
            Column(_("Source"), lambda person: source_words(person.source)),
            Column(_("In this console since"), lambda person: person.created_at),
            Column(_("Id, here and in SCIM"), lambda person: person.pk),
        ]

    def get_queryset(self) -> QuerySet[PrintUser]:
        people = PrintUser.objects.of(self.organization)
        state, source = self.state.value, self.source.value
        people = people.filter(state=state) if state else people.live()
        if source == CONSOLE:
            people = people.filter(source=CONSOLE)
        elif source:
            people = people.filter(source__startswith=f"{source}:")
        if self.search:
            people = people.matching(self.search)
        return people.order_by("display_name_key", "id")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, operates=self.administrator.role in OPERATORS)

    @property
    def filters(self) -> list[Filter]:
        return [self.state, self.source]

    @property
    def state(self) -> Filter:
        return choose("state", _("State"), _("Active and suspended"), STATES, self.request.GET)

    @property
    def source(self) -> Filter:
        sources = [(CONSOLE, _("Console")), *((name, source.label) for name, source in extensions.sources())]
        return choose("source", _("Source"), _("Every source"), sources, self.request.GET)


def source_words(source: str) -> str:
    """Who owns a person, as a file says it: an add-on's own name for itself, else the stored source."""
    known = extensions.source(source)
    return str(known.label) if known else source
