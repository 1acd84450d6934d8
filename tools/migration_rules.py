"""Refuses migrations that older processes cannot live with: `python -m tools.migration_rules`.

While a release is installed, old processes run on the new database: a migration may add, never take away or
rename (docs/recipes.md, *Change a table*). What no process uses any more goes with a later release, in a
migration that says since which one: ``unused_since = "0.2.0"``.
"""

import os
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, TypeAlias

import django
from django.apps import apps
from django.db.migrations import Migration, operations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import Field

AnyField: TypeAlias = "Field[Any, Any]"

ROOT: Final = Path(__file__).parent.parent
FIRST: Final = "0001_initial"
TAKES_AWAY: Final = (operations.RemoveField, operations.DeleteModel)
RENAMES: Final = (operations.RenameField, operations.RenameModel, operations.AlterModelTable)
SQL: Final = re.compile(r"\b(drop\s+(table|column)|rename|set\s+not\s+null)\b", re.IGNORECASE)


def problems(migration: Migration, state: ProjectState, *, version: str) -> Iterator[str]:
    """Say what of a migration an older process cannot live with.

    ``state`` is that before the migration, and is changed; ``version`` is that of this release.
    """
    since = getattr(migration, "unused_since", None)
    may_take = since is not None and _numbers(since) < _numbers(version)
    for operation, reaches_database in _flat(migration.operations):
        if reaches_database:
            place = f"{migration.app_label}.{migration.name}: {operation.describe()}"
            for reason in _reasons(operation, migration.app_label, state, may_take=may_take):
                yield f"{place}: {reason}"
        operation.state_forwards(migration.app_label, state)


def _flat(found: Iterable[Operation]) -> Iterator[tuple[Operation, bool]]:
    """Each operation, and whether it reaches the database."""
    for operation in found:
        if isinstance(operation, operations.SeparateDatabaseAndState):
            yield from ((each, True) for each in operation.database_operations)
            yield from ((each, False) for each in operation.state_operations)
        else:
            yield operation, True


def _reasons(operation: Operation, app: str, state: ProjectState, *, may_take: bool) -> Iterator[str]:
    if isinstance(operation, RENAMES):
        yield "older processes know the old name; add the new one beside it"
    elif isinstance(operation, operations.AddField):
        if _must_be_given(operation.field):
            yield "older processes write rows without it; give it a `db_default`, or allow null"
    elif isinstance(operation, operations.AlterField):
        old = state.models[app, operation.model_name_lower].fields[operation.name]
        if _column(old, operation.name) != _column(operation.field, operation.name):
            yield "older processes know the old name; add the new one beside it"
        if old.null and not operation.field.null and not may_take:
            yield "older processes write null; release code that does not, then say `unused_since`"
    elif isinstance(operation, TAKES_AWAY) and not may_take:
        yield "older processes use it; release code that does not, then say `unused_since`"
    elif isinstance(operation, operations.RunSQL) and SQL.search(str(operation.sql)) and not may_take:
        yield "its SQL takes away, renames or forbids null; say `unused_since` where nothing uses it"


def _column(field: AnyField, name: str) -> str:
    return field.db_column or name


def _must_be_given(field: AnyField) -> bool:
    if field.many_to_many or field.generated:
        return False
    return not field.null and not field.has_db_default()


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in version.split("."))


def main() -> int:
    """Print every problem of our own migrations; return the exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "printmgmt.settings")
    django.setup()
    from printmgmt.version import version  # noqa: PLC0415 -- after Django is set up

    loader = MigrationLoader(None)
    ours = {each.label for each in apps.get_app_configs() if (ROOT / each.name.partition(".")[0]).is_dir()}
    later = [key for key in loader.disk_migrations if key[0] in ours and key[1] != FIRST]
    found = [
        problem
        for key in sorted(later)
        for problem in problems(
            loader.disk_migrations[key], loader.project_state(key, at_end=False), version=version()
        )
    ]
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
