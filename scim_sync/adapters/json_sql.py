"""SQL over JSON columns, for PostgreSQL and SQLite: what is absent, or of another shape, is NULL.

Names of attributes come from our schemas; they are bound like every other text.
"""

import json
from collections.abc import Sequence
from typing import Any, Final

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Field, Func, TextField
from django.db.models.sql.compiler import SQLCompiler

# What one element of a list is called inside `AnyElement` and `ChosenElement`; lists are never nested.
_ELEMENT: Final = "element"

Sql = tuple[str, Any]


def _sqlite_path(names: Sequence[str]) -> str:
    return "$" + "".join(f".{json.dumps(name)}" for name in names)


class _Json(Func):
    """Built of the SQL of its source expressions, differently for each database."""

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
        """The SQL for PostgreSQL, given that of the source expressions."""
        raise NotImplementedError("Subclasses must implement on_postgresql()")

    def on_sqlite(self, *sources: Sql) -> Sql:
        """The SQL for SQLite, given that of the source expressions."""
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
    """The text of one name in an element of a list; of the element itself without a name."""

    output_field = TextField()

    def on_postgresql(self, *sources: Sql) -> Sql:
        return f"jsonb_extract_path_text({_ELEMENT}.value, {self._commas})", self.names

    def on_sqlite(self, *sources: Sql) -> Sql:
        # Text is no JSON document, and json_extract says so with an error.
        sql = f"CASE {_ELEMENT}.type WHEN 'object' THEN json_extract({_ELEMENT}.value, %s) END"
        return sql, (_sqlite_path(self.names),)


class ElementFlag(ElementText):
    """The boolean of one name in an element of a list."""

    output_field = BooleanField()  # type: ignore[assignment]

    def on_postgresql(self, *sources: Sql) -> Sql:
        sql, params = super().on_postgresql(*sources)
        return f"({sql} = 'true')", params


class _OverElements(_Json):
    """What looks at the elements of the list at a path of names in a document.

    The document is its first source; the others see the elements as ElementText and ElementFlag do.
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
        """The SQL, given what to select from; no row where there is no list."""
        raise NotImplementedError("Subclasses must implement select()")


class AnyElement(_OverElements):
    """Whether a condition, its second source, holds of an element."""

    output_field = BooleanField()

    def select(self, rows: Sql, *others: Sql) -> Sql:
        [(condition, params)] = others
        return f"EXISTS (SELECT 1 FROM {rows[0]} WHERE {condition})", (*rows[1], *params)  # noqa: S608


class ChosenElement(_OverElements):
    """An expression, its second source, of the primary element, or else of the first (RFC 7644 §3.4.2.3).

    The third one says whether an element is the primary one.
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
    """One condition for PostgreSQL, where an index serves it, and another that says the same for SQLite."""

    arity = 2
    output_field = BooleanField()

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Sql:  # type: ignore[override]
        chosen, other = self.get_source_expressions()
        sql, params = compiler.compile(chosen if connection.vendor == "postgresql" else other)
        return f"({sql})", params
