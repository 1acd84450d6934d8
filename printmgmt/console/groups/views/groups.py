"""Groups: the list."""

from collections.abc import Iterator, Sequence
from operator import attrgetter
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from printmgmt.console.shell.columns import Column, moment, number
from printmgmt.console.shell.filters import Select
from printmgmt.console.shell.ids import ids_in
from printmgmt.console.shell.lists import Action, Empty, ListPage
from printmgmt.console.shell.order import Sort
from printmgmt.console.shell.pages import Menu, page
from printmgmt.console.shell.sources import SOURCE, SOURCE_FILTER
from printmgmt.organizations.permissions import CHANGE_GROUPS, LOOK
from printmgmt.people.members import groups_of, matching_groups, with_counts
from printmgmt.people.models import GroupMembership, PrintGroup, PrintUser

LABEL_LENGTH = 40
"""Characters of a person's name in a select."""


def _chosen_person(view: "GroupsView") -> Iterator[tuple[str, str]]:
    people = PrintUser.objects.of(view.organization)
    for person in people.filter(pk__in=ids_in(view.request.GET.getlist("person"))):
        yield str(person.pk), Truncator(str(person)).chars(LABEL_LENGTH)


def _of_person(groups: QuerySet[PrintGroup], person: str) -> QuerySet[PrintGroup]:
    return groups.filter(Exists(GroupMembership.objects.filter(group=OuterRef("pk"), person=UUID(person))))


PEOPLE: Column[PrintGroup] = number(_("People"), attrgetter("people_count"))
CHANGED: Column[PrintGroup] = moment(_("Last changed"), attrgetter("updated_at"))
MAKE = Action(_("Create group"), "console:group_add", "plus", CHANGE_GROUPS)


@page("groups/", "console:groups", menu=Menu(_("Groups"), "users-group", 30))
class GroupsView(ListPage[PrintGroup]):
    """Search and source in the URL, and ``person`` for the groups someone is in; pages over 100,000 rows."""

    roles = LOOK
    title = _("Groups")
    lead = _("Groups of people, synced from your directory or created here. Groups can contain groups.")
    actions = (MAKE,)
    columns = (
        Column(
            _("Group"),
            template="console/groups/_group.html",
            context={"group": lambda group: group},
            sorts=[Sort("name", "display_name_key")],
        ),
        PEOPLE,
        number(_("Nested groups"), attrgetter("group_count")),
        SOURCE,
        CHANGED,
    )
    row_page = ("console:group", "group")
    filters = (
        SOURCE_FILTER,
        Select(
            "person",
            _("Member"),
            _("All members"),
            _chosen_person,
            narrow=_of_person,
            only_when_chosen=True,
        ),
    )
    placeholder = _("Name of the group")
    nothing_fits = _("No matches")
    csv_name = "groups"
    csv = (
        Column(_("Name"), lambda group: group.display_name),
        PEOPLE,
        number(_("Groups"), attrgetter("group_count")),
        SOURCE,
        Column(_("Added"), lambda group: group.created_at),
        CHANGED,
        Column(_("Group ID (SCIM id)"), lambda group: group.pk),
    )

    def rows(self) -> QuerySet[PrintGroup]:
        return groups_of(self.organization)

    def find(self, rows: QuerySet[PrintGroup], text: str) -> QuerySet[PrintGroup]:
        return matching_groups(rows, text)

    def shown(self, rows: Sequence[PrintGroup]) -> Sequence[PrintGroup]:
        groups = groups_of(self.organization).filter(pk__in=[group.pk for group in rows])
        return list(with_counts(self.sorting.apply(groups)))

    def csv_rows(self) -> QuerySet[PrintGroup]:
        return with_counts(self.get_queryset())

    def nothing(self, *, hidden: bool) -> Empty:
        text = (
            _(
                "Groups come from your directory when its add-on provisions groups, too. Or create one "
                "manually."
            )
            if self.administrator.role in CHANGE_GROUPS
            else _(
                "Groups come from your directory when its add-on provisions groups, too. Or an operator "
                "creates one manually."
            )
        )
        return Empty("users-group", _("No groups yet"), text, MAKE)
