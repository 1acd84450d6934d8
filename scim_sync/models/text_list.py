"""A column that holds a list of texts, and can be filtered by them on PostgreSQL and SQLite."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import JSONField
from django.db.models.fields.json import HasAnyKeys
from django.db.models.sql.compiler import SQLCompiler


class TextListField(JSONField):
    """A JSON list of texts. ``reasons__includes_any=["a", "b"]`` finds rows whose list has one of them."""


@TextListField.register_lookup
class IncludesAny(HasAnyKeys):
    """Whether the list has any of the given texts: on PostgreSQL ``?|`` compares elements, too."""

    lookup_name = "includes_any"

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, template: str | None = None
    ) -> tuple[str, tuple[Any, ...]]:
        lhs, params = self.process_lhs(compiler, connection)
        places = ", ".join(["%s"] * len(self.rhs))
        sql = f"EXISTS (SELECT 1 FROM json_each({lhs}) AS element WHERE element.value IN ({places}))"  # noqa: S608
        return sql, (*params, *self.rhs)
