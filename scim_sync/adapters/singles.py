"""Single values and comparisons in SQL, with the same results on PostgreSQL and SQLite."""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol
from uuid import UUID

from django.db.models import Q, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Left, NullIf, Right, StrIndex
from django.db.models.lookups import (
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    IsNull,
    LessThan,
    LessThanOrEqual,
    Lookup,
)
from scim2_models.path import CompareOperator

from scim_sync.adapters.functions import ByCodePoint, IdText
from scim_sync.protocol.absence import NEVER
from scim_sync.protocol.ids import NOBODY, parse_id
from scim_sync.protocol.storage import Operand, Single

ALWAYS: Final = Q(Value(True))

_ORDERED: Final[dict[CompareOperator, type[Lookup[Any]]]] = {
    CompareOperator.gt: GreaterThan,
    CompareOperator.ge: GreaterThanOrEqual,
    CompareOperator.lt: LessThan,
    CompareOperator.le: LessThanOrEqual,
}
_IN_PYTHON: Final[dict[CompareOperator, Callable[[str, str], bool]]] = {
    CompareOperator.eq: operator.eq,
    CompareOperator.co: operator.contains,
    CompareOperator.sw: str.startswith,
    CompareOperator.ew: str.endswith,
    CompareOperator.gt: operator.gt,
    CompareOperator.ge: operator.ge,
    CompareOperator.lt: operator.lt,
    CompareOperator.le: operator.le,
}
_MILLISECOND: Final = timedelta(milliseconds=1)


class Sortable(Single, Protocol):
    """A value for filters and sorting. `sort_key` is NULL if there is no value."""

    @property
    def sort_key(self) -> Combinable: ...


@dataclass(frozen=True)
class Text:
    """Text. NULL and "" mean that there is no value."""

    expression: Combinable

    def compare(self, op: CompareOperator, operand: Operand) -> Q:
        text = str(operand)
        if not text:  # every text starts with "", and no value is equal to it
            return (
                NEVER
                if op in (CompareOperator.eq, CompareOperator.lt, CompareOperator.le)
                else self.present()
            )
        if op in _ORDERED:
            return Q(_ORDERED[op](self.sort_key, Value(text)))
        if op == CompareOperator.co:  # not LIKE: % and _ have no special meaning here
            return Q(GreaterThan(StrIndex(self.expression, Value(text)), 0))
        if op == CompareOperator.sw:
            return Q(Exact(Left(self.expression, len(text)), Value(text)))
        if op == CompareOperator.ew:
            return Q(Exact(Right(self.expression, len(text)), Value(text)))
        return Q(Exact(self.expression, Value(text)))

    def present(self) -> Q:
        return Q(IsNull(self._given, False))

    @property
    def sort_key(self) -> Combinable:
        return ByCodePoint(self._given)

    @property
    def _given(self) -> Combinable:
        return NullIf(self.expression, Value(""), output_field=TextField())


@dataclass(frozen=True)
class _Column:
    """A column that is sorted by its stored value and has no value if it is NULL."""

    expression: Combinable

    def present(self) -> Q:
        return Q(IsNull(self.expression, False))

    @property
    def sort_key(self) -> Combinable:
        return self.expression


class Identifier(_Column):
    """The id of a resource, in any case. Equality uses the index."""

    def compare(self, op: CompareOperator, operand: Operand) -> Q:
        text = str(operand).lower()
        if op != CompareOperator.eq:
            return Text(IdText(self.expression)).compare(op, text)
        found: UUID = parse_id(text)
        return NEVER if found == NOBODY else Q(Exact(self.expression, Value(found)))


class Flag(_Column):
    """True, false, or NULL for absent."""

    def compare(self, op: CompareOperator, operand: Operand) -> Q:
        return Q(Exact(self.expression, Value(operand is True)))


class Moment(_Column):
    """A datetime column, never NULL. Compared in whole milliseconds, as representations show it."""

    def compare(self, op: CompareOperator, operand: Operand) -> Q:
        if not isinstance(operand, datetime):
            raise TypeError(f"{operand!r} is no moment")
        first = operand.replace(microsecond=operand.microsecond // 1000 * 1000)
        try:
            after = first + _MILLISECOND
        except OverflowError:  # the last millisecond that datetime can represent
            return ALWAYS if op in (CompareOperator.lt, CompareOperator.le) else NEVER
        is_whole = first == operand
        if op == CompareOperator.eq:
            return self._since(first) & self._before(after) if is_whole else NEVER
        if op == CompareOperator.ge:
            return self._since(first if is_whole else after)
        if op == CompareOperator.lt:
            return self._before(first if is_whole else after)
        return self._since(after) if op == CompareOperator.gt else self._before(after)

    def _since(self, moment: datetime) -> Q:
        return Q(GreaterThanOrEqual(self.expression, Value(moment)))

    def _before(self, moment: datetime) -> Q:
        return Q(LessThan(self.expression, Value(moment)))


@dataclass(frozen=True)
class Fixed:
    """The same text for every resource."""

    text: str

    def compare(self, op: CompareOperator, operand: Operand) -> Q:
        return ALWAYS if _IN_PYTHON[op](self.text, str(operand)) else NEVER

    def present(self) -> Q:
        return ALWAYS

    @property
    def sort_key(self) -> Combinable:
        return ByCodePoint(Value(self.text))  # in ORDER BY, a plain constant would be the number of a column


@dataclass(frozen=True)
class FixedFlag:
    """The same boolean for every resource."""

    value: bool

    def compare(self, op: CompareOperator, operand: Operand) -> Q:
        return ALWAYS if operand is self.value else NEVER

    def present(self) -> Q:
        return ALWAYS

    @property
    def sort_key(self) -> Combinable:
        return Value(self.value)
