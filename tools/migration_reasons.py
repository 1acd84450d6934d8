"""Why an older process cannot live with an operation of a migration."""

import re
from collections.abc import Iterator
from typing import Final

from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db.migrations import operations
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import UniqueConstraint

from printmgmt.online_migrations import AddCheckOnline
from tools.migration_columns import AnyField, Reason, added, altered, must_be_given

RENAMES: Final = (operations.RenameField, operations.RenameModel, operations.AlterModelTable)
HARMLESS: Final = (
    AddIndexConcurrently,
    ValidateConstraint,
    operations.AlterModelManagers,
    operations.AlterModelOptions,
    operations.AlterModelTableComment,
    operations.CreateModel,
    operations.RemoveIndex,
    operations.RenameIndex,
    operations.RunPython,  # what it writes can only be read by people
)

_COMMENT: Final = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_TAKES: Final = re.compile(
    r"\b(drop(?!\s+index)|rename|truncate|(?<!is\s)not\s+null|type|unique|check|add\s+constraint)\b",
    re.IGNORECASE,
)
_LOCKS: Final = re.compile(r"\bcreate\s+(unique\s+)?index\s+(?!concurrently\b)", re.IGNORECASE)


def in_database(operation: Operation, app: str, state: ProjectState) -> Iterator[Reason]:
    """Say what is wrong with an operation that changes the database; ``state`` is that before it."""
    if not operation.reversible:
        yield Reason("it cannot be undone; say how, if only by `noop`")
    if isinstance(operation, RENAMES):
        yield Reason("older processes know the old name; add the new one beside it")
    elif isinstance(operation, operations.AddField):
        yield from added(operation.field)
    elif isinstance(operation, operations.AlterField):
        yield from altered(_field(operation, app, state), operation.field, operation.name)
    elif isinstance(operation, operations.RunSQL):
        yield from _sql(_COMMENT.sub(" ", str(operation.sql)))
    elif isinstance(operation, operations.RemoveField | operations.DeleteModel):
        yield Reason("older processes use it; release code that does not, then", unused=True)
    elif isinstance(operation, operations.AddConstraint):
        yield from _constraint(operation)
    elif isinstance(operation, operations.RemoveConstraint):
        model = state.models[app, operation.model_name_lower]
        if isinstance(model.get_constraint_by_name(operation.name), UniqueConstraint):
            yield Reason("older processes count on it; release code that does not, then", unused=True)
    elif isinstance(operation, operations.AddIndex) and not isinstance(operation, HARMLESS):
        yield Reason("writers wait until it is built; use `AddIndexOnline`")
    elif not isinstance(operation, HARMLESS):
        yield Reason("no rule knows it; if older processes can live with it,", unused=True)


def in_state_alone(operation: Operation, app: str, state: ProjectState) -> Iterator[Reason]:
    """Say what is wrong with an operation that only the models follow; ``state`` is that before it."""
    if isinstance(operation, operations.RemoveField):
        field = _field(operation, app, state)
        if must_be_given(field):
            yield Reason("this release writes rows without it: give it a `db_default`, or allow null, before")
        yield from _left_behind([field])
    elif isinstance(operation, operations.DeleteModel):
        yield from _left_behind(state.models[app, operation.name_lower].fields.values())


def _left_behind(fields: "Iterator[AnyField] | list[AnyField]") -> Iterator[Reason]:
    """A reference that no model knows any more keeps its rows from being deleted."""
    names = [
        field.name for field in fields if getattr(field, "db_constraint", False) and not field.many_to_many
    ]
    if names:
        yield Reason(
            "rows it refers to could not be deleted; `AlterField` it to `db_constraint=False` before"
        )


def _field(
    operation: operations.AlterField | operations.RemoveField, app: str, state: ProjectState
) -> AnyField:
    return state.models[app, operation.model_name_lower].fields[operation.name]


def _constraint(operation: operations.AddConstraint) -> Iterator[Reason]:
    is_unique = isinstance(operation.constraint, UniqueConstraint)
    if not is_unique and not isinstance(operation, AddCheckOnline):
        yield Reason("everyone waits while each row is checked; use `AddCheckOnline`")
    yield Reason("older processes may write what it forbids; release code that does not, then", unused=True)


def _sql(text: str) -> Iterator[Reason]:
    if _LOCKS.search(text):
        yield Reason("writers wait until the index is built; create it concurrently")
    if _TAKES.search(text):
        yield Reason("its SQL takes away, renames or forbids; where nothing needs that,", unused=True)
