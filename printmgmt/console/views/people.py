"""People: the list, and one person."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.views.generic import DetailView, ListView

from printmgmt.console.extensions import extensions
from printmgmt.console.filters import Filter, choose
from printmgmt.console.mixins import OrganizationMixin
from printmgmt.organizations.roles import EVERYONE
from printmgmt.people.models import CONSOLE, PersonState, PrintUser

STATES = (
    (PersonState.ACTIVE, PersonState.ACTIVE.label),
    (PersonState.SUSPENDED, PersonState.SUSPENDED.label),
    (PersonState.REMOVED, PersonState.REMOVED.label),
)


class PeopleView(OrganizationMixin, ListView[PrintUser]):
    """Search, state and source in the URL; pages over 100,000 rows."""

    template_name = "console/people.html"
    context_object_name = "people"
    paginate_by = 50
    roles = EVERYONE

    def get_queryset(self) -> QuerySet[PrintUser]:
        people = PrintUser.objects.of(self.organization)
        state = self.state.value
        people = people.filter(state=state) if state else people.live()
        if source := self.source.value:
            people = people.filter(source=CONSOLE) if source == CONSOLE else people.filter(source__startswith=f"{source}:")
        if self.search:
            people = people.matching(self.search)
        return people.order_by("display_name_key", "id")

    @property
    def search(self) -> str:
        return self.request.GET.get("q", "").strip().replace("\0", "")

    @property
    def state(self) -> Filter:
        return choose("state", _("State"), _("Active and suspended"), STATES, self.request.GET)

    @property
    def source(self) -> Filter:
        sources = [(CONSOLE, _("Console")), *((name, source.label) for name, source in extensions.sources())]
        return choose("source", _("Source"), _("Every source"), sources, self.request.GET)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, search=self.search, filters=[self.state, self.source])


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
        return super().get_context_data(
            **kwargs,
            owned_fields=extensions.owned_fields(person),
            aliases=person.aliases.order_by("-valid_from"),
            credentials=person.credentials.filter(revoked_at__isnull=True).order_by("kind", "-created_at"),
            devices=person.devices.order_by("-enrolled_at"),
            runs=person.runs.order_by("-cut_at"),
            panels=extensions.person_panels(person),
        )
