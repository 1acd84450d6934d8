"""Emptying the database after a test that committed: only what holds something, and nothing is announced."""

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import connection, transaction
from django.test import TransactionTestCase

KEPT = {ContentType._meta.db_table, Permission._meta.db_table}
"""Made by migrations, as much a part of the database as its tables."""

GROWN = 1_000_000
"""Bytes above which a table is given back its room: rows that are deleted keep theirs."""


def empty(_test: TransactionTestCase) -> None:
    """Leave no row of ours.

    Django truncates every table and announces a migration, which writes all permissions again: half a second
    of processor time a test. Nearly always there are a few rows, and to delete these costs next to nothing.
    """
    tables = [table for table in connection.introspection.django_table_names() if table not in KEPT]
    if connection.vendor == "postgresql" and _grown(tables):
        connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), tables))
        return
    names = list(map(connection.ops.quote_name, tables))
    with transaction.atomic(), connection.cursor() as cursor:  # foreign keys are looked at when it commits
        if connection.vendor == "postgresql":  # other writers finish first
            cursor.execute(f"LOCK TABLE {', '.join(names)} IN EXCLUSIVE MODE")
        cursor.execute(
            " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in names)  # noqa: S608
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {name}")  # noqa: S608


def _grown(tables: list[str]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(pg_relation_size(oid)) FROM pg_class WHERE relname = ANY(%s) AND relkind = 'r'",
            [tables],
        )
        return int(cursor.fetchone()[0]) > GROWN
