"""SQL functions with the same results on PostgreSQL and SQLite."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Func, TextField
from django.db.models.sql.compiler import SQLCompiler


class Negation(Func):
    """True where the condition is false or NULL."""

    template = "NOT COALESCE(%(expressions)s, FALSE)"
    output_field = BooleanField()


class ByCodePoint(Func):
    """Text to be sorted by code points, as SQLite does, whatever the language."""

    template = "(%(expressions)s)"
    arity = 1
    output_field = TextField()

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, template='(%(expressions)s COLLATE "C")', **context)


class IdText(Func):
    """A UUID as text with hyphens; SQLite stores it without."""

    template = (
        "(SUBSTR({0}, 1, 8) || '-' || SUBSTR({0}, 9, 4) || '-' || SUBSTR({0}, 13, 4)"
        " || '-' || SUBSTR({0}, 17, 4) || '-' || SUBSTR({0}, 21))"
    ).format("%(expressions)s")
    arity = 1
    output_field = TextField()

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, template="(%(expressions)s)::text", **context)
