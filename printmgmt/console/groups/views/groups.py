"""Groups: the list."""

from collections.abc import Sequence
from functools import cached_property
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from printmgmt.console.shell.export import Column, CsvMixin
from printmgmt.console.shell.filters import Filter, FilteredMixin, choose
from printmgmt.console.shell.ids import ids_in
from printmgmt.console.shell.sources import choose_source, of_source, source_words
from printmgmt.organizations.permissions import CHANGE_GROUPS, LOOK
from printmgmt.people.members import groups_of, matching_groups, with_counts
from printmgmt.people.models import GroupMembership, PrintGroup, PrintUser

LABEL_LENGTH = 40
"""Characters of a person's name in a select."""


class GroupsView(FilteredMixin, CsvMixin[PrintGroup]):
    """Search and source in the URL, and ``person`` for the groups somebody is in; pages over 100,000 rows."""

    template_name = "console/groups/groups.html"
    context_object_name = "groups"
    paginate_by = 50
    roles = LOOK
    csv_name = "groups"

    @property
    def csv_columns(self) -> Sequence[Column[PrintGroup]]:
        return [
            Column(_("Name"), lambda group: group.display_name),
            Column(_("People"), attrgetter("people_count")),
            Column(_("Groups"), attrgetter("group_count")),
            Column(_("Source"), lambda group: source_words(group.source)),
            Column(_("In this console since"), lambda group: group.created_at),
            Column(_("Changed"), lambda group: group.updated_at),
            Column(_("Id, here and in SCIM"), lambda group: group.pk),
        ]

    def get_queryset(self) -> QuerySet[PrintGroup]:
        groups = groups_of(self.organization).filter(of_source(self.source.value))
        if self.person.value:
            rows = GroupMembership.objects.filter(group=OuterRef("pk"), person=UUID(self.person.value))
            groups = groups.filter(Exists(rows))
        return matching_groups(groups, self.search) if self.search else groups

    def csv_rows(self) -> QuerySet[PrintGroup]:
        return with_counts(self.get_queryset())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs, operates=self.administrator.role in CHANGE_GROUPS)
        shown = [group.pk for group in context["groups"]]
        return {**context, "groups": list(with_counts(groups_of(self.organization).filter(pk__in=shown)))}

    @property
    def filters(self) -> list[Filter]:
        return [self.source, self.person] if self.person.value else [self.source]

    @property
    def source(self) -> Filter:
        return choose_source(self.request.GET)

    @cached_property
    def person(self) -> Filter:
        """Whose groups: offered only where a link asked for somebody's."""
        people = PrintUser.objects.of(self.organization)
        found = people.filter(pk__in=ids_in(self.request.GET.getlist("person")))
        named = [(str(person.pk), Truncator(str(person)).chars(LABEL_LENGTH)) for person in found]
        return choose("person", _("Member"), _("Whoever is in it"), named, self.request.GET)
