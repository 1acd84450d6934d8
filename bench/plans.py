"""Which statements have PostgreSQL read a large table from its first row to its last."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

LARGE = 10_000
"""Rows from which on a table should not be read in whole."""
_READS = ("SELECT", "WITH", "UPDATE", "DELETE")


@dataclass
class Statements:
    """Statements by their text, each with its latest parameters, and how often each came."""

    often: Counter[str] = field(default_factory=Counter)
    parameters: dict[str, Any] = field(default_factory=dict)

    def add(self, sql: str, parameters: Any) -> None:
        # Lists of ids differ in length only.
        text = re.sub(r"\((%s, )+%s\)", "(%s, …)", sql)
        self.often[text] += 1
        self.parameters[text] = (sql, parameters)


@contextmanager
def statements() -> Iterator[Statements]:
    """Collect every statement of this connection."""
    from django.db import connection  # noqa: PLC0415

    found = Statements()

    def note(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        *before, last = sql.split(";")
        if not many and last.lstrip(" (").startswith(_READS):
            # The psycopg of a statement with two commands has the parameters of both.
            skipped = ";".join(before).count("%s")
            found.add(last, tuple(parameters)[skipped:] if parameters and skipped else parameters)
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(note):
        yield found


def whole_reads(found: Statements) -> list[tuple[str, str]]:
    """Return (table, statement) for each large table that a statement reads in whole, as it is planned now.

    Run ANALYZE before.
    """
    from django.db import connection  # noqa: PLC0415

    reads = []
    with connection.cursor() as cursor:
        # As with a disk that seeks as fast as it reads: else tables just above LARGE are read in whole.
        cursor.execute("SET random_page_cost TO 1.1")
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > %s", [LARGE])
        large = {name for (name,) in cursor.fetchall()}
        for text, (sql, parameters) in found.parameters.items():
            cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", parameters)
            (plans,) = cursor.fetchone()
            plans = json.loads(plans) if isinstance(plans, str) else plans
            reads += [(table, text) for table in _scanned(plans[0]["Plan"]) if table in large]
    return reads


def _scanned(plan: dict[str, Any]) -> Iterator[str]:
    if plan["Node Type"] == "Seq Scan":
        yield plan["Relation Name"]
    for below in plan.get("Plans", ()):
        yield from _scanned(below)
