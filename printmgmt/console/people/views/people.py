"""People: the list."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from printmgmt.console.bulk.selecting import SelectableList
from printmgmt.console.people.bulk import PEOPLE_ACTIONS
from printmgmt.console.people.statuses import PERSON
from printmgmt.console.shell.columns import Column, moment, person, status
from printmgmt.console.shell.export import Rows
from printmgmt.console.shell.extensions import extensions
from printmgmt.console.shell.filters import Select
from printmgmt.console.shell.lists import Action, Empty
from printmgmt.console.shell.order import Sort
from printmgmt.console.shell.pages import Menu, page
from printmgmt.console.shell.sources import SOURCE, SOURCE_FILTER
from printmgmt.organizations.permissions import EDIT_PEOPLE, LOOK, SUSPEND_PEOPLE
from printmgmt.people.attributes import ATTRIBUTES
from printmgmt.people.models import SHOWN_AS, PersonState, PrintUser, PrintUserQuerySet, ShownState

STATES = [(state.value, state.label) for state in ShownState if state != ShownState.ANONYMISED]

STATE: Column[PrintUser] = status(_("State"), lambda person: person.shown_state, PERSON)
SINCE: Column[PrintUser] = moment(
    _("Since"), lambda person: person.state_since, sorts=[Sort("since", "state_since")]
)


@page("people/", "console:people", menu=Menu(_("People"), "users", 20))
class PeopleView(SelectableList[PrintUser]):
    """Search, state and source in the URL; pages over 100,000 rows."""

    roles = SUSPEND_PEOPLE
    readers = LOOK
    title = _("People")
    lead = _("Everyone who can print, and how they were added.")
    bulk_actions = PEOPLE_ACTIONS
    actions = (Action(_("Add person"), "console:person_add", "user-plus", EDIT_PEOPLE),)
    alike = (Action(_("Preview leaving"), "console:leaving_preview", "door-exit"),)
    columns = (
        person(
            _("Person"),
            lambda row: row,
            sorts=[
                Sort("name", "display_name_key"),
                Sort("user_name", "user_name_key", _("User name")),
            ],
        ),
        STATE,
        SOURCE,
        SINCE,
    )
    row_page = ("console:person", "person")
    filters = (
        Select(
            "state",
            _("State"),
            _("Not removed"),
            STATES,
            narrow=lambda people, state: people.filter(SHOWN_AS[state]),
            otherwise=lambda people: people.live(),
        ),
        SOURCE_FILTER,
        Select(
            "hold",
            _("Legal hold"),
            _("With and without legal hold"),
            (("yes", _("On legal hold")),),
            narrow=lambda people, _value: people.filter(legal_hold=True),
        ),
    )
    empty = Empty(
        "users",
        _("No people yet"),
        _("Connect your directory with an add-on, or add someone manually."),
        Action(_("Go to Add-ons"), "addons:catalogue", "puzzle"),
    )
    nothing_fits = _("No matches")
    nothing_fits_hint = _("Removed people are hidden. Choose the state Removed to find them.")
    csv_name = "people"
    csv = (
        *(Column[PrintUser](each.label, each.value_of) for each in ATTRIBUTES if each.in_csv),
        STATE,
        SINCE,
        SOURCE,
        Column(_("Added"), lambda person: person.created_at),
        Column(_("Person ID (SCIM id)"), lambda person: person.pk),
    )

    @property
    def csv_columns(self) -> Sequence[Column[PrintUser]]:
        more = (Column[PrintUser](text.label, text.read) for text in extensions.person_texts())
        return [*super().csv_columns, *more]

    def csv_rows(self) -> Rows[PrintUser]:
        return extensions.with_person_texts(self.get_queryset())

    def nothing(self, *, hidden: bool) -> Empty:
        if hidden:
            return Empty(
                "users",
                _("Everyone was removed"),
                _("Removed people are hidden. Choose the state Removed to see them."),
            )
        for source in extensions.people_sources(self.organization):
            text = _("%(source)s is connected. People appear after the first sync.")
            see = Action(_("Open sync"), url=source.url, icon="plug-connected")
            return Empty("users", _("No people yet"), text % {"source": source.label}, see)
        return self.empty

    def rows(self) -> QuerySet[PrintUser]:
        people = PrintUser.objects.of(self.organization).exclude(state=PersonState.ANONYMISED)
        return people.order_by("display_name_key", "id")

    def find(self, rows: PrintUserQuerySet, text: str) -> QuerySet[PrintUser]:
        return rows.matching(text)

    def seen(self, rows: QuerySet[PrintUser]) -> dict[str, object]:
        return {str(pk): epoch for pk, epoch in rows.values_list("pk", "epoch")}
