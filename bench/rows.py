"""Rows in bulk: one INSERT … SELECT for each table, with the defaults of its model."""

from typing import Any


def insert(table: str, source: str, /, *, values: dict[str, object] | None = None, **columns: str) -> None:
    """Add a row of the model ``table`` (such as people.PrintUser) for each row of ``source`` (FROM …).

    ``columns`` are SQL expressions by column; a column without one gets its field's default, else NULL or "".
    ``values`` are the parameters of both.
    """
    from django.apps import apps  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    model = apps.get_model(table)
    parameters = dict(values or {})
    written: dict[str, str] = {}
    for field in model._meta.concrete_fields:
        if field.column in columns:
            written[field.column] = columns[field.column]
        elif not field.generated and field.get_internal_type() not in ("AutoField", "BigAutoField"):
            written[field.column] = _default(field, parameters)
    if unknown := columns.keys() - written.keys():
        raise ValueError(f"{table} has no {', '.join(unknown)}")
    names = ", ".join(f'"{name}"' for name in written)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{model._meta.db_table}" ({names}) SELECT {", ".join(written.values())} {source}',  # noqa: S608
            parameters,
        )


def _default(field: Any, parameters: dict[str, object]) -> str:
    """The default of a column as SQL; a constant becomes a parameter."""
    from django.db import connection  # noqa: PLC0415

    kind = field.get_internal_type()
    if kind == "UUIDField" and field.primary_key:
        return "gen_random_uuid()"
    if kind == "DateTimeField" and not field.null:
        return "now()"
    if field.null and not field.has_default():
        return "NULL"
    parameters[field.column] = field.get_db_prep_save(field.get_default(), connection)
    return f"%({field.column})s"


def tidy() -> None:
    """Bring the statistics up to date."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
