"""What people who left still hold: the list, and its file with a line for each thing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from printmgmt.console.leavers.holding_words import Line, line_of, what_words, why_words
from printmgmt.console.people.statuses import PERSON
from printmgmt.console.shell.columns import Column, moment, number, person, status
from printmgmt.console.shell.filters import Select
from printmgmt.console.shell.lists import Empty, ListPage
from printmgmt.console.shell.order import Sort
from printmgmt.console.shell.pages import page
from printmgmt.deprovisioning.still_holding.finding import Holding, holdings_of
from printmgmt.deprovisioning.still_holding.things import Kind, people_holding, without_step_ahead
from printmgmt.organizations.models import Organization
from printmgmt.organizations.permissions import GIVE_CREDENTIALS, LOOK, OVERSEE, SUSPEND_PEOPLE
from printmgmt.people.models import SHOWN_AS, PrintUser, PrintUserQuerySet, ShownState

NEEDS_ACTION = "action"

_STATES = (ShownState.SUSPENDED, ShownState.BLOCKED, ShownState.REMOVED, ShownState.ANONYMISED)


@dataclass(frozen=True)
class Holder:
    """A person who left, and what they still hold."""

    person: PrintUser
    lines: list[Line]

    @property
    def pk(self) -> UUID:
        return self.person.pk


@dataclass(frozen=True)
class Held:
    """A line of the file: one thing that a person holds."""

    person: PrintUser
    holding: Holding


@dataclass(frozen=True)
class HeldRows:
    """The lines of the file: people are read in chunks, and what they hold with each chunk."""

    organization: Organization
    people: QuerySet[PrintUser]

    def iterator(self, chunk_size: int) -> Iterator[Held]:
        """Yield each thing of each person."""
        people = self.people.iterator(chunk_size=chunk_size)
        while chunk := list(islice(people, chunk_size)):
            found = holdings_of(self.organization, chunk)
            for one in chunk:
                for holding in found.get(one.pk, ()):
                    yield Held(one, holding)


@page("leavers/holding/", "console:still_holding")
class StillHoldingView(ListPage[PrintUser]):
    """People who may not print and still hold something live; who left last comes first."""

    template_name = "console/leavers/holding.html"
    roles = LOOK
    title = _("Still holding")
    lead = _("People who left and still have a working card, PIN or device, a print job or console access.")
    columns: Sequence[Column[Any]] = (
        person(_("Person"), lambda row: row.person, sorts=[Sort("name", "display_name_key")]),
        Column(
            _("Still holds"),
            template="console/leavers/_holdings.html",
            context={"lines": lambda row: row.lines, "person": lambda row: row.person},
        ),
        status(_("State"), lambda row: row.person.shown_state, PERSON),
        moment(_("Left"), lambda row: row.person.state_since, sorts=[Sort("since", "state_since")]),
    )
    row_page = ("console:person", "person")
    filters = (
        Select(
            "holds",
            _("Still holds"),
            _("Anything"),
            Kind.choices,
            narrow=lambda people, _kind: people,  # with the filter below: `rows_of`
        ),
        Select(
            "why",
            _("Reason"),
            _("All reasons"),
            ((NEEDS_ACTION, _("Needs action")), ("planned", _("Planned or decided"))),
            narrow=lambda people, _why: people,
        ),
        Select(
            "state",
            _("State"),
            _("All states"),
            [(state.value, state.label) for state in _STATES],
            narrow=lambda people, state: people.filter(SHOWN_AS[state]),
        ),
    )
    empty = Empty("circle-check", _("Nobody who left still holds anything."))
    nothing_fits = _("No matches")
    csv_name = "still-holding"
    csv: Sequence[Column[Any]] = (
        Column(_("Display name"), lambda row: row.person.display_name),
        Column(_("User name"), lambda row: row.person.user_name),
        status(_("State"), lambda row: row.person.shown_state, PERSON),
        moment(_("Left"), lambda row: row.person.state_since),
        Column(_("Legal hold"), lambda row: row.person.legal_hold),
        Column(_("Still holds"), lambda row: what_words(row.holding)),
        number(_("Number"), lambda row: row.holding.number),
        moment(_("Since"), lambda row: row.holding.since),
        Column(_("Why"), lambda row: why_words(row.holding)),
        Column(_("Needs action"), lambda row: row.holding.reason.why.needs_someone),
    )

    def rows(self) -> QuerySet[PrintUser]:
        kinds = [Kind(value)] if (value := self.value_of("holds")) else list(Kind)
        people = PrintUser.objects.of(self.organization)
        why = self.value_of("why")
        alarming = people_holding(self.organization, without_step_ahead, kinds)
        if why == NEEDS_ACTION:
            people = people.filter(alarming)
        else:
            people = people.filter(people_holding(self.organization, kinds=kinds))
            if why:
                people = people.exclude(alarming)
        return people.order_by("-state_since", "-id")

    def find(self, rows: PrintUserQuerySet, text: str) -> QuerySet[PrintUser]:
        return rows.matching(text)

    def shown(self, rows: Sequence[PrintUser]) -> Sequence[Holder]:
        found = holdings_of(self.organization, rows)
        return [Holder(row, [line_of(each) for each in found.get(row.pk, ())]) for row in rows]

    def csv_rows(self) -> Any:
        return HeldRows(self.organization, self.get_queryset())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        role = self.administrator.role
        return super().get_context_data(
            **kwargs,
            operates=role in SUSPEND_PEOPLE,
            may_revoke=role in GIVE_CREDENTIALS,
            oversees=role in OVERSEE,
        )
