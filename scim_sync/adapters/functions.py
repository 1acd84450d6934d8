"""Functions in SQL with the same answers on PostgreSQL and SQLite."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Func, TextField
from django.db.models.sql.compiler import SQLCompiler


class Negation(Func):
    """What does not hold, a comparison with NULL included."""

    template = "NOT COALESCE(%(expressions)s, FALSE)"
    output_field = BooleanField()


class ByCodePoint(Func):
    """Text in the order of its code points, which is SQLite's own and that of no language."""

    template = "(%(expressions)s)"
    arity = 1
    output_field = TextField()

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, template='(%(expressions)s COLLATE "C")', **context)


class IdText(Func):
    """A UUID as it is shown; SQLite keeps it without hyphens."""

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
