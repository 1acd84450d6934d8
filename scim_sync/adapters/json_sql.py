"""SQL for JSON columns on PostgreSQL and SQLite. Absent values and values of another type are NULL.

Names of attributes are bound as parameters, like every other text.
"""

import json
from collections.abc import Sequence
from typing import Any, Final

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Field, Func, TextField
from django.db.models.sql.compiler import SQLCompiler

# The SQL alias of an element inside `AnyElement` and `ChosenElement`. Lists are never nested.
_ELEMENT: Final = "element"

Sql = tuple[str, Any]


def _sqlite_path(names: Sequence[str]) -> str:
    return "$" + "".join(f".{json.dumps(name)}" for name in names)


class _Json(Func):
    """Combines the SQL of its sources. Subclasses must implement `on_postgresql` and `on_sqlite`."""

    function = ""

    def __init__(self, *expressions: Any, names: Sequence[str] = ()) -> None:
        super().__init__(*expressions)
        self.names = tuple(names)

    def as_sql(  # type: ignore[override]
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> Sql:
        sources = [compiler.compile(source) for source in self.get_source_expressions() if source is not None]
        if connection.vendor == "postgresql":
            return self.on_postgresql(*sources)
        return self.on_sqlite(*sources)

    def on_postgresql(self, *sources: Sql) -> Sql:
        """Return the SQL for PostgreSQL from the SQL of the source expressions."""
        raise NotImplementedError("Subclasses must implement on_postgresql()")

    def on_sqlite(self, *sources: Sql) -> Sql:
        """Return the SQL for SQLite from the SQL of the source expressions."""
        raise NotImplementedError("Subclasses must implement on_sqlite()")

    @property
    def _commas(self) -> str:
        return ", ".join(["%s"] * len(self.names))


class JsonText(_Json):
    """The text at a path of names in a document."""

    output_field = TextField()

    def on_postgresql(self, *sources: Sql) -> Sql:
        [(sql, params)] = sources
        return f"jsonb_extract_path_text({sql}, {self._commas})", (*params, *self.names)

    def on_sqlite(self, *sources: Sql) -> Sql:
        [(sql, params)] = sources
        return f"json_extract({sql}, %s)", (*params, _sqlite_path(self.names))


class ElementText(_Json):
    """The text under a name in an element of a list, or of the element itself if there is no name."""

    output_field = TextField()

    def on_postgresql(self, *sources: Sql) -> Sql:
        return f"jsonb_extract_path_text({_ELEMENT}.value, {self._commas})", self.names

    def on_sqlite(self, *sources: Sql) -> Sql:
        # Plain text is not a JSON document, so json_extract would raise an error.
        sql = f"CASE {_ELEMENT}.type WHEN 'object' THEN json_extract({_ELEMENT}.value, %s) END"
        return sql, (_sqlite_path(self.names),)


class ElementFlag(ElementText):
    """The boolean under a name in an element of a list."""

    output_field = BooleanField()  # type: ignore[assignment]

    def on_postgresql(self, *sources: Sql) -> Sql:
        sql, params = super().on_postgresql(*sources)
        return f"({sql} = 'true')", params


class _OverElements(_Json):
    """Evaluates expressions for the elements of the list at a path in a document.

    The first source is the document. The others may contain ElementText and ElementFlag.
    """

    def on_postgresql(self, *sources: Sql) -> Sql:
        (sql, params), *others = sources
        found = f"jsonb_extract_path({sql}, {self._commas})"
        list_ = f"CASE WHEN jsonb_typeof({found}) = 'array' THEN {found} ELSE '[]'::jsonb END"
        rows = f"jsonb_array_elements({list_}) WITH ORDINALITY AS {_ELEMENT}(value, key)"
        return self.select((rows, (*params, *self.names) * 2), *others)

    def on_sqlite(self, *sources: Sql) -> Sql:
        (sql, params), *others = sources
        list_ = f"CASE json_type({sql}, %s) WHEN 'array' THEN json_extract({sql}, %s) ELSE '[]' END"
        rows = f"json_each({list_}) AS {_ELEMENT}"
        return self.select((rows, (*params, _sqlite_path(self.names)) * 2), *others)

    def select(self, rows: Sql, *others: Sql) -> Sql:
        """Return the SQL. ``rows`` selects the elements: no rows where there is no list."""
        raise NotImplementedError("Subclasses must implement select()")


class AnyElement(_OverElements):
    """Whether a condition, the second source, is true for an element."""

    output_field = BooleanField()

    def select(self, rows: Sql, *others: Sql) -> Sql:
        [(condition, params)] = others
        return f"EXISTS (SELECT 1 FROM {rows[0]} WHERE {condition})", (*rows[1], *params)  # noqa: S608


class ChosenElement(_OverElements):
    """An expression, the second source, for the primary element or else the first (RFC 7644 §3.4.2.3).

    The third source is whether an element is primary.
    """

    def _resolve_output_field(self) -> Field[Any, Any] | None:
        wanted = self.get_source_expressions()[1]
        return wanted._output_field_or_none if wanted else None

    def select(self, rows: Sql, *others: Sql) -> Sql:
        (wanted, params), (primary, more) = others
        order = f"CASE WHEN {primary} THEN 0 ELSE 1 END, {_ELEMENT}.key"
        sql = f"(SELECT {wanted} FROM {rows[0]} ORDER BY {order} LIMIT 1)"  # noqa: S608
        return sql, (*params, *rows[1], *more)


class OnPostgres(Func):
    """A condition for PostgreSQL, which can use an index, and an equivalent one for SQLite."""

    arity = 2
    output_field = BooleanField()

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Sql:  # type: ignore[override]
        chosen, other = self.get_source_expressions()
        sql, params = compiler.compile(chosen if connection.vendor == "postgresql" else other)
        return f"({sql})", params
