"""Multi-valued attributes in SQL: JSON lists, rows of other tables, and lists made of both."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any, Final, Protocol

from django.db.models import BooleanField, Case, Exists, F, Func, Q, QuerySet, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.lookups import Exact, IsNull, LessThan
from scim2_models.path import CompareOperator

from addons.models import Installation
from printmgmt.people.models import PrintUser
from scim_sync.adapters.functions import Negation
from scim_sync.adapters.json_sql import AnyElement, ChosenElement, ElementFlag, ElementText, OnPostgres
from scim_sync.adapters.singles import Fixed, FixedFlag, Flag, Sortable, Text
from scim_sync.models import ScimUser
from scim_sync.protocol.storage import Element

Condition = Callable[[Element], Q]


class SortableList(Protocol):
    """A multi-valued attribute that filters and sorting can use."""

    def any(self, condition: Condition) -> Q: ...

    def holding(self, values: Mapping[str, str]) -> Q: ...

    def sort_key(self, name: str) -> Combinable:
        """Return what to sort by: a sub-attribute of the primary element, or else of the first."""


def equals(element: Element, values: Mapping[str, str]) -> Q:
    """Whether an element has all of these texts."""
    return Q(*(element(name).compare(CompareOperator.eq, text) for name, text in values.items()))


def _in_element(name: str) -> Sortable:
    found = {"names": [name]}
    return Flag(ElementFlag(**found)) if name == "primary" else Text(ElementText(**found))


@dataclass(frozen=True)
class JsonList:
    """A JSON list of objects with texts, none of them caseExact, and `primary`."""

    document: F
    name: str

    def any(self, condition: Condition) -> Q:
        return Q(AnyElement(self.document, condition(_in_element), names=[self.name]))

    def holding(self, values: Mapping[str, str]) -> Q:
        return self.any(lambda element: equals(element, values))

    def sort_key(self, name: str) -> Combinable:
        return self.chosen(_in_element(name).sort_key)

    def chosen(self, expression: Combinable) -> Combinable:
        """Return an expression for the primary element, or else the first."""
        return ChosenElement(self.document, expression, ElementFlag(names=["primary"]), names=[self.name])


class _HasOtherEmail(Func):
    """Whether a list of emails (without the work address) has an element that contains this JSON.

    The SQL must match the partial index `scim_user_other_emails`, or PostgreSQL does not use the index.
    """

    template = "(%(expressions)s::jsonb AND jsonb_path_exists(folded, '$.emails[*].value'))"
    arg_joiner = " -> 'emails' @> "
    output_field = BooleanField()


class Emails:
    """Emails as `placement.emails_out` shows them: those of the link row, with the work address inserted.

    It goes into the work element without a value, or to the end if there is no such element.
    """

    _listed: Final = JsonList(F("link__folded"), "emails")
    _address: Final = Text(F("work_email_key"))
    _is_place: Final = Q(IsNull(ElementText(names=["value"]), True)) & Q(
        Exact(ElementText(names=["type"]), Value("work"))
    )
    _appended: Final[Mapping[str, Sortable]] = {
        "value": _address,
        "type": Fixed("work"),
        "primary": FixedFlag(True),
    }

    def __init__(self, installation: Installation) -> None:
        self.installation = installation

    def any(self, condition: Condition) -> Q:
        listed = AnyElement(self._listed.document, condition(self._in_element), names=["emails"])
        return Q(listed) | (self._has_appended() & condition(self._appended.__getitem__))

    def holding(self, values: Mapping[str, str]) -> Q:
        """If an address is given, uses the index of each of the two places."""
        if "value" not in values:
            return self.any(lambda element: equals(element, values))
        listed = OnPostgres(
            _HasOtherEmail(F("folded"), Value(json.dumps([values]))),
            JsonList(F("folded"), "emails").holding(values),
        )
        links = ScimUser.objects.linking().filter(Q(listed), installation=self.installation)
        found = links.values("person")
        if values.get("type", "work") == "work":
            people = PrintUser.objects.of(self.installation.organization).filter(
                work_email_key=values["value"]
            )
            found = people.values("pk").union(found, all=True)  # type: ignore[assignment]
        return Q(pk__in=found)

    def sort_key(self, name: str) -> Combinable:
        listed_primary = AnyElement(
            self._listed.document, _in_element("primary").compare(CompareOperator.eq, True), names=["emails"]
        )
        return Case(
            When(
                self._has_appended() & Q(Negation(Q(listed_primary))),
                then=self._appended[name].sort_key,
            ),
            default=self._listed.chosen(self._in_element(name).sort_key),
        )

    def _in_element(self, name: str) -> Sortable:
        if name != "value":
            return _in_element(name)
        return Text(
            Case(When(self._is_place, then=F("work_email_key")), default=ElementText(names=["value"]))
        )

    def _has_appended(self) -> Q:
        place = AnyElement(self._listed.document, self._is_place, names=["emails"])
        return self._address.present() & Q(Negation(Q(place)))


@dataclass(frozen=True)
class Rows:
    """Rows of a table as elements, sorted by `order`. `rows` refers to the resource by OuterRef."""

    rows: QuerySet[Any]
    values: Mapping[str, Sortable]
    order: Sequence[str]

    def any(self, condition: Condition) -> Q:
        return Q(Exists(self.rows.filter(condition(self.values.__getitem__))))

    def holding(self, values: Mapping[str, str]) -> Q:
        return self.any(lambda element: equals(element, values))

    def sort_key(self, name: str) -> Combinable:
        return self.first(self.values[name].sort_key)

    def first(self, expression: Combinable) -> Combinable:
        """Return an expression for the first row."""
        return Subquery(self.rows.order_by(*self.order).annotate(wanted=expression).values("wanted")[:1])


@dataclass(frozen=True)
class TwoTables:
    """The rows of two tables as one list, sorted by `value`."""

    one: Rows
    other: Rows

    def any(self, condition: Condition) -> Q:
        return self.one.any(condition) | self.other.any(condition)

    def holding(self, values: Mapping[str, str]) -> Q:
        return self.one.holding(values) | self.other.holding(values)

    def sort_key(self, name: str) -> Combinable:
        one, other = self.one.sort_key("value"), self.other.sort_key("value")
        is_other_first = Q(IsNull(one, True)) | Q(LessThan(other, one))
        return Case(When(is_other_first, then=self.other.sort_key(name)), default=self.one.sort_key(name))


@dataclass(frozen=True)
class FixedTexts:
    """A list of fixed texts, each present under a condition; the first is always present."""

    texts: Mapping[str, Q] = field(default_factory=dict)

    def any(self, condition: Condition) -> Q:
        def named(text: str) -> Element:
            return lambda _name: Fixed(text)

        return reduce(or_, (there & condition(named(text)) for text, there in self.texts.items()))

    def holding(self, values: Mapping[str, str]) -> Q:
        return self.any(lambda element: equals(element, values))

    def sort_key(self, name: str) -> Combinable:
        return Fixed(next(iter(self.texts))).sort_key
