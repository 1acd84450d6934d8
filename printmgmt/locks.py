"""Locks by name until the end of the transaction. ADR 21 has the order of all locks.

Uses PostgreSQL's advisory locks, because they queue: an exclusive lock waits for present shared locks, and
later shared locks wait behind it. With FOR SHARE on a row, it might wait forever. SQLite has one writer at a
time (`transaction_mode=IMMEDIATE`) and needs no such locks.
"""

import hashlib
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

_ALONE: Final = "SELECT pg_advisory_xact_lock(%s)"
_SHARED: Final = "SELECT pg_advisory_xact_lock_shared(%s)"


def lock_alone(name: str, key: UUID | int) -> None:
    """Take this lock exclusively until the transaction ends; wait for it if necessary."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(_ALONE, [_number(name, key)])


def lock_shared(name: str, key: UUID | int, rows: QuerySet[Any]) -> list[tuple[Any, ...]]:
    """Share this lock until the transaction ends; return ``rows`` (a values queryset) as read after the wait.

    One round trip with two statements: a single one would return the rows as they were before the wait.
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
