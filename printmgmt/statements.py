"""Statements that the ORM compiles once and a process runs many times (ADR 43).

Compiling a query of a few joined tables takes Django milliseconds every time, running it a fraction of one.
A `Select` or a `Change` is a queryset in the source, so tables, columns, joins and dialects stay the ORM's
work; its text is made at the first run and kept. What differs between runs is `Given` by name.

For what every request of an API does. Elsewhere a queryset is the better tool.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, Final, Generic, NamedTuple, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Expression, Field, Func, JSONField, Model, QuerySet, Subquery
from django.db.models.sql.compiler import SQLCompiler
from django.db.models.sql.subqueries import UpdateQuery

Sql = tuple[str, Any]
Values = tuple[Any, ...]
Row = TypeVar("Row")
Instance = TypeVar("Instance", bound=Model)


class Given(Expression):
    """A value that each run gives under ``name``; ``field`` says how the database wants it."""

    def __init__(self, name: str, field: "Field[Any, Any]") -> None:
        super().__init__(field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        return "%s", (self,)

    def prepare(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        """What the database is sent for ``value``."""
        return self.output_field.get_db_prep_value(value, connection)


class GivenList(Given):
    """Any number of such values, for `Among`."""

    def prepare(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        values = [super(GivenList, self).prepare(each, connection) for each in value]
        return values if connection.vendor == "postgresql" else json.dumps(values)


class Among(Func):
    """Whether an expression has one of the values of a `GivenList`: one text, however many they are.

    For one value use `Given`: PostgreSQL cannot know how long an array will be, and plans it again each time.
    """

    arity = 2
    output_field = BooleanField()
    arg_joiner, template = " IN (SELECT value FROM json_each(", "%(expressions)s))"

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Sql:
        return self.as_sql(compiler, connection, arg_joiner=" = ANY(", template="%(expressions)s)", **context)


class JsonRows(Subquery):
    """The rows of a subquery as a list in its order. It selects one value, ``item``: a JSONObject."""

    # SQLite knows JSON inside a subquery as text only: without json() each item would be a string.
    template = "(SELECT json_group_array(json(rows.item)) FROM (%(subquery)s) AS rows)"

    def __init__(self, queryset: "QuerySet[Any, Any]") -> None:
        super().__init__(queryset, output_field=JSONField())

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Sql:
        template = "(SELECT COALESCE(jsonb_agg(rows.item), '[]') FROM (%(subquery)s) AS rows)"
        return self.as_sql(compiler, connection, template=template, **context)


CONSTANTS: Final = (str, bool, int)
"""Types of what may stand in a statement beside Given values: no id of a tenant, no moment."""


class _Compiled(NamedTuple):
    sql: str
    params: Sequence[Any]
    names: frozenset[str]

    @classmethod
    def of(cls, compiler: SQLCompiler) -> "_Compiled":
        sql, given = compiler.as_sql()
        params: Sequence[Any] = given
        kept = [param for param in params if not isinstance(param, (Given, *CONSTANTS))]
        if kept:
            raise TypeError(f"a statement would keep {kept[0]!r} of its first run: make it Given")
        return cls(sql, params, frozenset(param.name for param in params if isinstance(param, Given)))

    def values(self, given: dict[str, Any], connection: BaseDatabaseWrapper) -> list[Any]:
        if given.keys() != self.names:
            raise TypeError(f"the statement takes {sorted(self.names)}, not {sorted(given)}")
        return [
            param.prepare(given[param.name], connection) if isinstance(param, Given) else param
            for param in self.params
        ]


class _Columns(NamedTuple):
    """Positions of a row whose values need Django's conversion from the database."""

    converters: Sequence[tuple[int, Sequence[Callable[..., Any]], Any]]

    @classmethod
    def of(cls, compiler: SQLCompiler) -> "_Columns":
        columns = [column for column, _sql, _alias in compiler.select[: compiler.col_count]]
        found = compiler.get_converters(columns).items()
        return cls([(position, functions, column) for position, (functions, column) in found])

    def convert(self, rows: list[Values], connection: BaseDatabaseWrapper) -> Iterator[Values]:
        for row in rows:
            values = list(row)
            for position, functions, column in self.converters:
                for function in functions:
                    values[position] = function(values[position], column, connection)
            yield tuple(values)


class Select(Generic[Row]):
    """A query: ``build`` returns a values_list with Given values, ``make`` is applied to each row.

    ``build`` takes no argument, so that it cannot know whom its first run is for. Threads share a Select.
    """

    def __init__(self, build: "Callable[[], QuerySet[Any, Any]]", make: Callable[[Values], Row]) -> None:
        self._build = build
        self._make = make
        self._compiled: dict[str, tuple[_Compiled, _Columns, bool]] = {}

    def __call__(self, **given: Any) -> list[Row]:
        """All rows with these values. Raises TypeError unless they are the ones that ``build`` names.

        A query that locks raises TransactionManagementError outside a transaction. It must not join what it
        wants to know: while it waits for the lock, the other tables stay as they were (READ COMMITTED). Lock
        first, read with the next statement.
        """
        connection = connections[DEFAULT_DB_ALIAS]
        compiled, columns, locks = self._compiled.get(connection.vendor) or self._compile(connection)
        if locks:
            # Django asks this only when it compiles.
            connection.validate_no_broken_transaction()
            if connection.get_autocommit():
                raise transaction.TransactionManagementError("a lock outside a transaction locks nothing")
        with connection.cursor() as cursor:
            cursor.execute(compiled.sql, compiled.values(given, connection))
            rows = cursor.fetchall()
        return [self._make(row) for row in columns.convert(rows, connection)]

    def _compile(self, connection: BaseDatabaseWrapper) -> tuple[_Compiled, _Columns, bool]:
        query = self._build().query
        compiler = query.get_compiler(connection=connection)
        compiled = _Compiled.of(compiler), _Columns.of(compiler), query.select_for_update
        # The text names no database and no schema: it is the same on every connection of this kind.
        self._compiled[connection.vendor] = compiled
        return compiled


class Change:
    """An UPDATE: ``build`` returns the rows and the new values by column, both with Given values."""

    def __init__(self, build: "Callable[[], tuple[QuerySet[Any, Any], dict[str, Any]]]") -> None:
        self._build = build
        self._compiled: dict[str, _Compiled] = {}

    def __call__(self, **given: Any) -> int:
        """Change the rows with these values and return how many. Raises TypeError as a Select does."""
        connection = connections[DEFAULT_DB_ALIAS]
        compiled = self._compiled.get(connection.vendor) or self._compile(connection)
        with transaction.mark_for_rollback_on_error(DEFAULT_DB_ALIAS), connection.cursor() as cursor:
            cursor.execute(compiled.sql, compiled.values(given, connection))
            return int(cursor.rowcount)

    def _compile(self, connection: BaseDatabaseWrapper) -> _Compiled:
        rows, values = self._build()
        query = cast(UpdateQuery, rows.query.chain(UpdateQuery))
        query.add_update_values(values)
        compiled = self._compiled[connection.vendor] = _Compiled.of(query.get_compiler(connection=connection))
        return compiled


class Columns(Generic[Instance]):
    """The columns of a model in the rows of a Select: their names to select, and the instance they make.

    ``below`` is the relation of the query's model that leads to it. Attributes in ``without`` are left out:
    Django reads them by a query of its own when they are asked for.
    """

    def __init__(self, model: type[Instance], *, below: str = "", without: Sequence[str] = ()) -> None:
        self._model = model
        self._names = [field.attname for field in model._meta.concrete_fields if field.attname not in without]
        self._key = self._names.index(model._meta.pk.attname)
        self.selected = [f"{below}__{name}" if below else name for name in self._names]

    def take(self, values: Iterator[Any]) -> Instance | None:
        """Take as many of ``values`` as there are columns; None where the relation led to nothing."""
        own = list(islice(values, len(self._names)))
        return None if own[self._key] is None else self._model.from_db(DEFAULT_DB_ALIAS, self._names, own)
