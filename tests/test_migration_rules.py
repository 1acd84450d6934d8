"""Migrations after an app's first one: what an older process cannot live with is refused."""

from typing import Any

import pytest
from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState

from tools import migration_rules
from tools.migration_rules import problems

TEXT = models.TextField()
ROWS = migrations.CreateModel("Device", [("id", models.BigAutoField(primary_key=True)), ("name", TEXT)])


def found(*operations: Operation, version: str = "0.3.0", **attributes: Any) -> list[str]:
    """What is wrong with a migration of an app that has `Person` with a name and an optional nickname."""
    state = ProjectState()
    fields = [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", TEXT),
        ("nick", models.TextField(null=True)),
    ]
    state.add_model(ModelState("people", "Person", fields))
    migration = migrations.Migration("0002_later", "people")
    migration.operations = list(operations)
    for name, value in attributes.items():
        setattr(migration, name, value)
    return list(problems(migration, state, version=version))


ALLOWED = {
    "a new table": [ROWS],
    "an optional column": [migrations.AddField("person", "city", models.TextField(null=True))],
    "a column with a default of the database": [
        migrations.AddField("person", "city", models.TextField(db_default=""))
    ],
    "many to many": [migrations.AddField("person", "friends", models.ManyToManyField("people.Person"))],
    "an index": [migrations.AddIndex("person", models.Index(fields=["name"], name="by_name"))],
    "null allowed": [migrations.AlterField("person", "name", models.TextField(null=True))],
    "another default": [migrations.AlterField("person", "name", models.TextField(default="x"))],
    "forgotten by the code": [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("person", "nick")])
    ],
    "SQL that adds": [migrations.RunSQL("CREATE INDEX CONCURRENTLY by_name ON people_person (name)")],
    "a column of a table that is new": [
        ROWS,
        migrations.AlterField("device", "name", models.TextField(default="")),
    ],
}
TAKING = {
    "a column": [migrations.RemoveField("person", "nick")],
    "a table": [migrations.DeleteModel("Person")],
    "null forbidden": [migrations.AlterField("person", "nick", models.TextField(default=""))],
    "the database's half": [
        migrations.SeparateDatabaseAndState(database_operations=[migrations.RemoveField("person", "nick")])
    ],
    "SQL that drops": [migrations.RunSQL("ALTER TABLE people_person DROP COLUMN nick")],
    "SQL that forbids null": [migrations.RunSQL("ALTER TABLE people_person ALTER nick SET NOT NULL")],
}
REFUSED = {
    "a column renamed": [migrations.RenameField("person", "name", "title")],
    "a table renamed": [migrations.RenameModel("Person", "Human")],
    "a table of another name": [migrations.AlterModelTable("Person", "humans")],
    "a column of another name": [
        migrations.AlterField("person", "name", models.TextField(db_column="title"))
    ],
    "a new column that must be given": [migrations.AddField("person", "city", TEXT)],
    "a new column with Python's default": [
        migrations.AddField("person", "city", models.TextField(default=""))
    ],
}


@pytest.mark.parametrize("operations", ALLOWED.values(), ids=ALLOWED)
def test_what_adds_is_allowed(operations: list[Operation]) -> None:
    assert found(*operations) == []


@pytest.mark.parametrize("operations", [*TAKING.values(), *REFUSED.values()], ids=[*TAKING, *REFUSED])
def test_what_an_older_process_cannot_live_with_is_refused(operations: list[Operation]) -> None:
    [problem] = found(*operations)

    assert problem.startswith("people.0002_later: ")


@pytest.mark.parametrize("operations", TAKING.values(), ids=TAKING)
def test_what_no_process_uses_any_more_goes_with_a_later_release(operations: list[Operation]) -> None:
    assert found(*operations, unused_since="0.2.0") == []
    assert found(*operations, unused_since="0.3.0") != []  # a process of that release may still run


@pytest.mark.parametrize("operations", REFUSED.values(), ids=REFUSED)
def test_a_rename_is_never_right(operations: list[Operation]) -> None:
    assert found(*operations, unused_since="0.1.0") != []


def test_our_migrations_are_in_order() -> None:
    assert migration_rules.main() == 0


def test_every_later_migration_of_ours_is_read(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(migration_rules, "FIRST", "")
    monkeypatch.setattr(migration_rules, "problems", lambda migration, state, version: [str(migration)])

    assert migration_rules.main() == 1

    found = capsys.readouterr().out
    assert "scim_sync.0001_initial" in found
    assert "contenttypes" not in found
