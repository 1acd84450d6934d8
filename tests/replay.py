"""Rows that a fixture makes through the services once in a process, written at once for every further test.

An organization with the add-on, a token and a person takes some hundred statements through the services,
which most tests need and few are about. What they left behind is compared once, table by table, and replayed
as one statement, with its moments moved to now.

Only on PostgreSQL, where most tests run; on SQLite every fixture makes its rows.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from django.apps import apps
from django.db import connection
from django.db.models import Model
from django.utils import timezone

Made = TypeVar("Made")
Row = tuple[Any, ...]
Rows = dict[Any, Row]

_recorded: dict[tuple[Any, ...], "Recording[Any]"] = {}


@dataclass(frozen=True)
class Recording(Generic[Made]):
    """What a making left behind: statements with their values, when it was over, and what it returned."""

    statements: list[tuple[str, Row]]
    at: datetime
    made: Made

    def replay(self) -> Made:
        """Write the rows, as if they had just been made: none is younger than what follows."""
        older = timezone.now() - self.at
        text = "; ".join(statement for statement, _values in self.statements)
        values = [_moved(value, older) for _statement, row in self.statements for value in row]
        with connection.cursor() as cursor:
            cursor.execute(text, values)
        return self.made


def replayed(key: tuple[Any, ...], make: Callable[[], Made]) -> Made:
    """Return what ``make`` returns, having made its rows or replayed them.

    ``key`` names the making and the ids it starts from: those of other replays stay the same from test to
    test. ``make`` returns ids and text, no rows, since each test reads its own.
    """
    if connection.vendor != "postgresql":
        return make()
    known = _recorded.get(key)
    if known is not None:
        replay: Made = known.replay()
        return replay
    before = {model: _rows(model) for model in _models()}
    made = make()
    at = timezone.now()
    statements = [
        statement for model, rows in before.items() for statement in _changes(model, rows, _rows(model))
    ]
    _recorded[key] = Recording(statements, at, made)
    return made


def _models() -> list[type[Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]


def _columns(model: type[Model]) -> list[str]:
    """The columns that are written, the primary key first."""
    primary = model._meta.pk
    others = [field for field in model._meta.concrete_fields if field is not primary and not field.generated]
    assert primary is not None
    return [str(primary.column), *(str(field.column) for field in others)]


def _rows(model: type[Model]) -> Rows:
    columns = ", ".join(f'"{column}"' for column in _columns(model))
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {columns} FROM "{model._meta.db_table}"')  # noqa: S608 -- names of our models
        return {row[0]: row for row in cursor.fetchall()}


def _changes(model: type[Model], before: Rows, after: Rows) -> Iterator[tuple[str, Row]]:
    table, columns = model._meta.db_table, _columns(model)
    assert before.keys() <= after.keys(), f"a fixture that is replayed deletes rows of {table}"
    for key, row in after.items():
        if key not in before:
            names = ", ".join(f'"{column}"' for column in columns)
            marks = ", ".join(["%s"] * len(row))
            yield f'INSERT INTO "{table}" ({names}) VALUES ({marks})', row  # noqa: S608
        elif row != before[key]:
            sets = ", ".join(f'"{column}" = %s' for column in columns[1:])
            yield f'UPDATE "{table}" SET {sets} WHERE "{columns[0]}" = %s', (*row[1:], key)  # noqa: S608


def _moved(value: Any, older: timedelta) -> Any:
    return value + older if isinstance(value, datetime) else value
