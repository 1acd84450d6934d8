"""Which unique constraint an IntegrityError is about: the one place that knows both databases' wording."""

from django.db import IntegrityError, models


def violates(error: IntegrityError, model: type[models.Model], constraint: str) -> bool:
    """Whether ``error`` says that the unique constraint named ``constraint`` of ``model`` was violated.

    PostgreSQL names the constraint, SQLite the columns ("UNIQUE constraint failed: table.a, table.b").
    """
    diagnostics = getattr(error.__cause__, "diag", None)
    if diagnostics is not None:
        return bool(diagnostics.constraint_name == constraint)
    unique = next(
        found
        for found in model._meta.constraints
        if isinstance(found, models.UniqueConstraint) and found.name == constraint
    )
    column_of = {field.name: field.column for field in model._meta.concrete_fields}
    columns = (f"{model._meta.db_table}.{column_of[name]}" for name in unique.fields)
    return str(error).endswith(": " + ", ".join(columns))
