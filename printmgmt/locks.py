"""Locks on a name instead of a row, until the transaction ends; in which order all locks are taken: ADR 21.

PostgreSQL's advisory locks, because they queue: whoever wants a lock alone waits for those who share it now,
and whoever comes after waits behind. A row that is locked FOR SHARE again and again never becomes free.
SQLite has one writer at a time (`transaction_mode=IMMEDIATE`) and needs none of this.
"""

import hashlib
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

_ALONE: Final = "SELECT pg_advisory_xact_lock(%s)"
_SHARED: Final = "SELECT pg_advisory_xact_lock_shared(%s)"


def lock_alone(name: str, key: UUID | int) -> None:
    """Wait until nobody else has this lock, and let nobody else have it until the transaction ends."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(_ALONE, [_number(name, key)])


def lock_shared(name: str, key: UUID | int, rows: QuerySet[Any]) -> list[tuple[Any, ...]]:
    """Share this lock until the transaction ends; return what ``rows`` (of values) are after the waiting.

    One round trip, two statements: a single one would show the rows as they were before it waited.
    """
    if connection.vendor != "postgresql":
        return list(rows)
    sql, params = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"{_SHARED};{sql}", [_number(name, key), *params])
        cursor.nextset()
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def _number(name: str, key: UUID | int) -> int:
    digest = hashlib.blake2b(f"{name}:{key}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)
