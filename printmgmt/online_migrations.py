"""Operations of migrations that build an index, or check every row, while the console goes on serving.

PostgreSQL does so outside of a transaction: their migration is ``atomic = False`` and has nothing else. If it
was interrupted, drop the invalid index or the constraint before it is run again. On SQLite they are Django's.
"""

from typing import Any

from django.contrib.postgres.operations import (
    AddConstraintNotValid,
    AddIndexConcurrently,
    NotInTransactionMixin,
    ValidateConstraint,
)
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import AddConstraint, AddIndex


class AddIndexOnline(AddIndexConcurrently):
    """`AddIndex`, that lets others write while it is built."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: Any
    ) -> None:
        if _is_postgresql(schema_editor):
            super().database_forwards(app_label, schema_editor, *states)
        else:
            AddIndex.database_forwards(self, app_label, schema_editor, *states)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: Any
    ) -> None:
        if _is_postgresql(schema_editor):
            super().database_backwards(app_label, schema_editor, *states)
        else:
            AddIndex.database_backwards(self, app_label, schema_editor, *states)


class AddCheckOnline(NotInTransactionMixin, AddConstraintNotValid):
    """`AddConstraint` of a check, with which others can read and write while the rows are looked at."""

    atomic = False

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: Any
    ) -> None:
        if not _is_postgresql(schema_editor):
            AddConstraint.database_forwards(self, app_label, schema_editor, *states)
            return
        self._ensure_not_in_transaction(schema_editor)
        super().database_forwards(app_label, schema_editor, *states)
        validate = ValidateConstraint(self.model_name, self.constraint.name)
        validate.database_forwards(app_label, schema_editor, *states)


def _is_postgresql(schema_editor: BaseDatabaseSchemaEditor) -> bool:
    return schema_editor.connection.vendor == "postgresql"
