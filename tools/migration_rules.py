"""Refuses migrations that older processes cannot live with: `python -m tools.migration_rules`.

While a release is installed, old processes run on the new database: a migration may add, never take away or
rename, and it keeps nobody waiting who writes (docs/recipes.md, *Change a table*). What no process uses any
more goes with a later release, in a migration that says since which one: ``unused_since = "0.2.0"``.
"""

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import django
from django.apps import apps
from django.db.migrations import Migration, operations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from tools.migration_reasons import in_database, in_state_alone

ROOT: Final = Path(__file__).parent.parent
FIRST: Final = "0001_initial"


def problems(migration: Migration, state: ProjectState, *, version: str) -> Iterator[str]:
    """Say what of a migration an older process cannot live with.

    ``state`` is that before the migration, and is changed; ``version`` is that of this release.
    """
    since = getattr(migration, "unused_since", None)
    may_take = since is not None and _numbers(since) < _numbers(version)
    app, created = migration.app_label, set[str]()
    for operation, reaches_database in _flat(migration.operations):
        if isinstance(operation, operations.CreateModel):
            created.add(operation.name_lower)
        table = getattr(operation, "model_name_lower", getattr(operation, "name_lower", None))
        reasons = in_database if reaches_database else in_state_alone
        for reason in reasons(operation, app, state) if table not in created else ():
            if not (reason.unused and may_take):
                yield f"{app}.{migration.name}: {operation.describe()}: {reason}"
        operation.state_forwards(app, state)


def _flat(found: Iterable[Operation]) -> Iterator[tuple[Operation, bool]]:
    """Each operation, and whether it reaches the database."""
    for operation in found:
        if isinstance(operation, operations.SeparateDatabaseAndState):
            yield from ((each, True) for each in operation.database_operations)
            yield from ((each, False) for each in operation.state_operations)
        else:
            yield operation, True


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
