"""Indexes and checks that are made while others write: there afterwards, and gone when taken back."""

from collections.abc import Iterator

import pytest
from django.db import IntegrityError, NotSupportedError, connection, models, transaction
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState

from printmgmt.online_migrations import AddCheckOnline, AddIndexOnline

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

INDEX = AddIndexOnline("sheet", models.Index(fields=["pages"], name="sheet_by_pages"))
CHECK = AddCheckOnline(
    "sheet", models.CheckConstraint(condition=models.Q(pages__gt=0), name="sheet_has_pages")
)
BOTH = pytest.mark.parametrize(("operation", "name"), [(INDEX, "sheet_by_pages"), (CHECK, "sheet_has_pages")])


@pytest.fixture
def before() -> Iterator[ProjectState]:
    """A table of sheets, and its state."""
    state = ProjectState()
    fields = [("id", models.BigAutoField(primary_key=True)), ("pages", models.IntegerField())]
    state.add_model(ModelState("people", "Sheet", fields))
    sheet = state.apps.get_model("people", "Sheet")
    with connection.schema_editor(atomic=False) as editor:
        editor.create_model(sheet)
    sheet._default_manager.create(pages=3)
    yield state
    with connection.schema_editor(atomic=False) as editor:
        editor.delete_model(sheet)


def names() -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.get_constraints(cursor, "people_sheet"))


@BOTH
def test_it_is_there_and_gone_again(before: ProjectState, operation: Operation, name: str) -> None:
    after = before.clone()
    operation.state_forwards("people", after)

    with connection.schema_editor(atomic=False) as editor:
        operation.database_forwards("people", editor, before, after)
    assert name in names()

    with connection.schema_editor(atomic=False) as editor:
        operation.database_backwards("people", editor, after, before)
    assert name not in names()


@BOTH
def test_on_postgresql_a_transaction_is_refused(
    before: ProjectState, operation: Operation, name: str
) -> None:
    if connection.vendor != "postgresql":
        assert operation.atomic is False  # SQLite locks its whole file either way
        return
    after = before.clone()
    operation.state_forwards("people", after)

    with (
        transaction.atomic(),
        connection.schema_editor(atomic=False) as editor,
        pytest.raises(NotSupportedError),
    ):
        operation.database_forwards("people", editor, before, after)

    assert name not in names()


def test_rows_that_break_a_check_are_found(before: ProjectState) -> None:
    before.apps.get_model("people", "Sheet")._default_manager.create(pages=-1)
    after = before.clone()
    CHECK.state_forwards("people", after)

    with (
        pytest.raises(IntegrityError, match="sheet_has_pages"),
        connection.schema_editor(atomic=False) as editor,
    ):
        CHECK.database_forwards("people", editor, before, after)
