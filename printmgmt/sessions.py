"""How each session with PostgreSQL begins."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper


def turn_off_compilation(connection: BaseDatabaseWrapper, **_signal: Any) -> None:
    """Turn off JIT compilation; a receiver of ``connection_created``.

    The statements of a page take milliseconds, and compiling one that PostgreSQL believes to be expensive
    takes seconds. This is no option of the connection, since PgBouncer refuses those.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET jit TO off")
