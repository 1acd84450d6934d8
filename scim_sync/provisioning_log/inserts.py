"""A row and the rows that point at it, inserted together."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Field, Model
from django.db.models.expressions import RawSQL
from django.db.models.sql import InsertQuery


def insert_together(parent: Model, *children: Model) -> None:
    """Insert ``parent``, whose key the database makes, and ``children``, whose key is a relation to it.

    One statement on PostgreSQL, where each statement is a round trip; one for each row on SQLite. Called in a
    transaction or not, nothing of it stays in PostgreSQL if a row violates a constraint.
    """
    if connection.vendor == "postgresql":
        parent.pk = _insert_in_one_statement(parent, children)
        _attach(parent, children)
    else:
        parent.save(force_insert=True)
        _attach(parent, children)
        for child in children:
            child.save(force_insert=True)
    for row in (parent, *children):
        row._state.adding = False


def _attach(parent: Model, children: Sequence[Model]) -> None:
    for child in children:
        setattr(child, _key_of(child).name, parent)


def _insert_in_one_statement(parent: Model, children: Sequence[Model]) -> Any:
    """Insert all rows by common table expressions and return the key of ``parent``."""
    key = _key_of(parent)
    found = f"(SELECT {key.column} FROM parent)"  # noqa: S608 -- a column of ours
    sql, params = _insert_sql(parent, returning=[key])
    parts = [f"WITH parent AS ({sql})"]
    for number, child in enumerate(children):
        setattr(child, _key_of(child).attname, RawSQL(found, ()))  # noqa: S611 -- no value in it
        sql, more = _insert_sql(child)
        parts.append(f"child_{number} AS ({sql})")
        params += more
    with connection.cursor() as cursor:
        cursor.execute(f"{', '.join(parts)} {found}", params)
        [made] = cursor.fetchone()
    return made


def _insert_sql(row: Model, returning: Sequence[Field[Any, Any]] = ()) -> tuple[str, tuple[Any, ...]]:
    """The INSERT of one row as the ORM compiles it, without a key that the database makes."""
    fields = [field for field in row._meta.concrete_fields if not (returning and field.primary_key)]
    query = InsertQuery(type(row))
    query.insert_values(fields, [row])
    compiler = query.get_compiler(connection=connection)
    compiler.returning_fields = returning
    [(sql, params)] = compiler.as_sql()
    return sql, tuple(params)


def _key_of(row: Model) -> Field[Any, Any]:
    key = row._meta.pk
    assert key is not None  # noqa: S101 -- every model has one
    return key
