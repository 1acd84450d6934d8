"""People: the list, and one person."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import QuerySet, TextField
from django.utils.translation import gettext_lazy as _
from django.views.generic import DetailView, ListView

from printmgmt.console.extensions import extensions
from printmgmt.console.filters import Filter, FilteredMixin, choose
from printmgmt.console.mixins import OrganizationMixin
from printmgmt.console.navigation import Text
from printmgmt.organizations.roles import EVERYONE
from printmgmt.people.models import CONSOLE, PersonState, PrintUser
from printmgmt.people.services import EDITABLE_FIELDS

STATES = [(state.value, state.label) for state in PersonState if state != PersonState.ANONYMISED]


class PeopleView(FilteredMixin, ListView[PrintUser]):
    """Search, state and source in the URL; pages over 100,000 rows."""

    template_name = "console/people.html"
    context_object_name = "people"
    paginate_by = 50
    roles = EVERYONE

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


@dataclass(frozen=True)
class PersonField:
    """One field of a person as the page shows it; ``owned`` by the person's source, so locked here."""

    label: Text
    value: str
    owned: bool


class PersonView(OrganizationMixin, DetailView[PrintUser]):
    """Fields with their source, names, cards, devices, runs, and what add-ons know."""

    template_name = "console/person.html"
    context_object_name = "person"
    pk_url_kwarg = "person"
    roles = EVERYONE

    def get_queryset(self) -> QuerySet[PrintUser]:
        return PrintUser.objects.of(self.organization)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = self.object
        fields = list(_fields(person))
        return super().get_context_data(
            **kwargs,
            fields=fields,
            any_owned=any(field.owned for field in fields),
            aliases=person.aliases.order_by("-valid_from", "-id"),
            credentials=person.credentials.filter(revoked_at__isnull=True).order_by("kind", "-created_at"),
            devices=person.devices.order_by("-enrolled_at"),
            runs=person.runs.order_by("-cut_at", "-id"),
            panels=extensions.person_panels(person),
        )


def _fields(person: PrintUser) -> Iterator[PersonField]:
    owned = extensions.owned_fields(person)
    for name in EDITABLE_FIELDS:
        field = cast("TextField[str, str]", PrintUser._meta.get_field(name))
        yield PersonField(field.verbose_name, getattr(person, name), name in owned)
