"""Migrations after an app's first one: what an older process cannot live with is refused."""

from typing import Any

import pytest
from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState

from printmgmt.online_migrations import AddCheckOnline, AddIndexOnline
from tools import migration_rules
from tools.migration_rules import problems

TEXT = models.TextField()
ROWS = migrations.CreateModel("Device", [("id", models.BigAutoField(primary_key=True)), ("name", TEXT)])


class Unheard(Operation):
    """An operation that a library brings."""

    def state_forwards(self, app_label: str, state: ProjectState) -> None: ...

    def describe(self) -> str:
        return "Unheard of"


def found(*operations: Operation, version: str = "0.3.0", **attributes: Any) -> list[str]:
    """What is wrong with a migration of an app that has `Person` with a name and an optional nickname."""
    state = ProjectState()
    fields = [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", TEXT),
        ("nick", models.TextField(null=True)),
        ("code", models.CharField(max_length=20, db_default="")),
        ("size", models.BigIntegerField(null=True)),
        ("boss", models.ForeignKey("people.Person", models.CASCADE, null=True)),
        ("loose", models.ForeignKey("people.Person", models.CASCADE, null=True, db_constraint=False)),
    ]
    once = models.UniqueConstraint(fields=["name"], name="once")
    short = models.CheckConstraint(condition=models.Q(size__lt=9), name="short")
    state.add_model(ModelState("people", "Person", fields, {"constraints": [once, short], "indexes": []}))
    migration = migrations.Migration("0002_later", "people")
    migration.operations = list(operations)
    for name, value in attributes.items():
        setattr(migration, name, value)
    return list(problems(migration, state, version=version))


CODE = models.CharField(max_length=20, db_default="")
BY_NAME = models.Index(fields=["name"], name="by_name")
LONG = models.CheckConstraint(condition=models.Q(size__gt=0), name="long")
ONE_NICK = models.UniqueConstraint(fields=["nick"], name="one_nick")


def in_state(*operations: Operation) -> list[Operation]:
    """The half of a change that only models follow."""
    return [migrations.SeparateDatabaseAndState(state_operations=operations)]


def nothing(*_given: object) -> None:
    """What changes data, and what undoes it."""


def sql(text: str) -> list[Operation]:
    return [migrations.RunSQL(text, migrations.RunSQL.noop)]


def reference(**options: Any) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey("people.Person", models.CASCADE, null=True, related_name="+", **options)


ALLOWED = {
    "a new table": [ROWS],
    "an optional column": [migrations.AddField("person", "city", models.TextField(null=True))],
    "a column with a default of the database": [
        migrations.AddField("person", "city", models.TextField(db_default=""))
    ],
    "a column that must be given, of a new table": [ROWS, migrations.AddField("device", "city", TEXT)],
    "a constraint of a new table": [ROWS, migrations.AddConstraint("device", ONE_NICK)],
    "an index of a new table": [ROWS, migrations.AddIndex("device", BY_NAME)],
    "a reference without an index": [migrations.AddField("person", "heir", reference(db_index=False))],
    "many to many": [migrations.AddField("person", "friends", models.ManyToManyField("people.Person"))],
    "an index, online": [AddIndexOnline("person", BY_NAME)],
    "an index of less": [migrations.RemoveIndex("person", "by_name")],
    "a check of less": [migrations.RemoveConstraint("person", "short")],
    "null allowed": [migrations.AlterField("person", "name", models.TextField(null=True))],
    "another default": [migrations.AlterField("person", "name", models.TextField(default="x"))],
    "more room": [migrations.AlterField("person", "code", models.CharField(max_length=30, db_default=""))],
    "another type with room": [migrations.AlterField("person", "code", models.TextField(db_default=""))],
    "a reference let go": [migrations.AlterField("person", "boss", reference(db_constraint=False))],
    "forgotten by the code": in_state(migrations.RemoveField("person", "nick")),
    "a reference forgotten by the code": in_state(migrations.RemoveField("person", "loose")),
    "SQL that adds": sql("CREATE INDEX CONCURRENTLY by_name ON people_person (name) WHERE nick IS NOT NULL"),
    "SQL that fills": sql("UPDATE people_person SET nick = name /* DROP nothing */ -- RENAME nothing"),
    "data that can be left": [migrations.RunPython(nothing, migrations.RunPython.noop)],
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
    "less room": [migrations.AlterField("person", "code", models.CharField(max_length=19, db_default=""))],
    "room where there was no end": [
        migrations.AlterField("person", "name", models.CharField(max_length=9_999))
    ],
    "smaller numbers": [migrations.AlterField("person", "size", models.IntegerField(null=True))],
    "another type": [migrations.AlterField("person", "name", models.JSONField())],
    "a default less": [migrations.AlterField("person", "code", models.CharField(max_length=20))],
    "made unique": [migrations.AlterField("person", "name", models.TextField(unique=True))],
    "another collation": [migrations.AlterField("person", "name", models.TextField(db_collation="C"))],
    "a reference held": [migrations.AlterField("person", "loose", reference())],
    "a reference to another table": [
        migrations.AlterField("person", "boss", models.ForeignKey("people.Device", models.CASCADE, null=True))
    ],
    "a check, online": [AddCheckOnline("person", LONG)],
    "unique values": [migrations.AddConstraint("person", ONE_NICK)],
    "unique no more": [migrations.RemoveConstraint("person", "once")],
    "unique together": [migrations.AlterUniqueTogether("person", {("name", "nick")})],
    "an order": [migrations.AlterOrderWithRespectTo("person", "boss")],
    "what no rule knows": [Unheard()],
    "SQL that drops": sql("ALTER TABLE people_person DROP COLUMN nick"),
    "SQL that drops in short": sql("ALTER TABLE people_person DROP nick"),
    "SQL that forbids null": sql("ALTER TABLE people_person ALTER nick SET NOT NULL"),
    "SQL over lines": sql("ALTER TABLE people_person ALTER nick SET NOT/**/\n  NULL"),
    "SQL that must be given": sql("ALTER TABLE people_person ADD city text NOT NULL"),
    "SQL of another type": sql("ALTER TABLE people_person ALTER nick TYPE varchar(9)"),
    "SQL that empties": sql("TRUNCATE people_person"),
    "SQL that checks": sql("ALTER TABLE people_person ADD CONSTRAINT x CHECK (size > 0)"),
    "SQL in a list": [migrations.RunSQL([("ALTER TABLE people_person DROP nick", None)], [])],
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
    "a new column with one value for all": [
        migrations.AddField("person", "city", models.TextField(db_default="", unique=True))
    ],
    "a new column with an index": [migrations.AddField("person", "heir", reference())],
    "an index that keeps writers waiting": [migrations.AddIndex("person", BY_NAME)],
    "an index of a column": [migrations.AlterField("person", "name", models.TextField(db_index=True))],
    "an index in SQL": sql("CREATE INDEX by_name ON people_person (name)"),
    "data for ever": [migrations.RunPython(nothing)],
    "SQL for ever": [migrations.RunSQL("UPDATE people_person SET nick = name")],
    "forgotten, though it must be given": in_state(migrations.RemoveField("person", "name")),
    "a reference forgotten that holds": in_state(migrations.RemoveField("person", "boss")),
    "a table forgotten that holds": in_state(migrations.DeleteModel("Person")),
}


@pytest.mark.parametrize("operations", ALLOWED.values(), ids=ALLOWED)
def test_what_adds_is_allowed(operations: list[Operation]) -> None:
    assert found(*operations) == []


@pytest.mark.parametrize("operations", [*TAKING.values(), *REFUSED.values()], ids=[*TAKING, *REFUSED])
def test_what_an_older_process_cannot_live_with_is_refused(operations: list[Operation]) -> None:
    (problem,) = found(*operations)

    assert problem.startswith("people.0002_later: ")


@pytest.mark.parametrize("operations", TAKING.values(), ids=TAKING)
def test_what_no_process_uses_any_more_goes_with_a_later_release(operations: list[Operation]) -> None:
    assert found(*operations, unused_since="0.2.0") == []
    assert found(*operations, unused_since="0.3.0") != []  # a process of that release may still run


@pytest.mark.parametrize("operations", REFUSED.values(), ids=REFUSED)
def test_what_a_later_release_does_not_make_right(operations: list[Operation]) -> None:
    assert found(*operations, unused_since="0.1.0") != []


def test_a_check_that_keeps_everyone_waiting_is_refused_even_if_no_process_breaks_it() -> None:
    (problem,) = found(migrations.AddConstraint("person", LONG), unused_since="0.2.0")

    assert "AddCheckOnline" in problem


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
