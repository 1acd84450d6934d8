"""Statements compiled once return what a queryset returns, and nothing of their first run stays in them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F, IntegerField, JSONField, OuterRef, Q, QuerySet, TextField, UUIDField, Value
from django.db.models.functions import JSONObject, Now
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from printmgmt.organizations.models import Organization
from printmgmt.people.models import PersonState, PrintAlias, PrintUser
from printmgmt.statements import Among, Change, Given, GivenList, JsonRows, Select
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

ORGANIZATION = Given("organization", UUIDField())
HOSTILE = [
    "'; DROP TABLE people_printuser; --",
    "100%",
    "%s %(name)s %%",
    "\\",
    '"',
    "{}",
    "ä\u2028é",
    "🖨",
    " ",
]


COMMITTED = pytest.mark.django_db(transaction=True)


@pytest.fixture
def contoso(db: None) -> Organization:
    return factories.organization("Contoso")


def people_named() -> "QuerySet[Any, Any]":
    """The people of an organization with a name, the ids of whom a statement returns."""
    people = PrintUser.objects.filter(organization=ORGANIZATION, user_name=Given("name", TextField()))
    return people.values_list("pk", "organization_id", "user_name")


def named(select: Select[Any], of: Organization, name: str) -> list[Any]:
    rows: list[Any] = select(organization=of.pk, name=name)
    return rows


def two_with_ada() -> list[tuple[Organization, PrintUser]]:
    """Two organizations with an ada each."""
    organizations = [factories.organization("Contoso"), factories.organization("Fabrikam")]
    return [(of, factories.person(of, "ada")) for of in organizations]


def test_each_run_reads_with_its_own_values(django_assert_num_queries: Callable[[int], Any]) -> None:
    built: list[int] = []

    def build() -> "QuerySet[Any, Any]":
        built.append(1)
        return people_named()

    select = Select(build, tuple)
    both = two_with_ada()

    with django_assert_num_queries(5):
        for of, ada in [*both, *both]:
            assert named(select, of, "ada") == [(ada.pk, of.pk, "ada")]
        assert named(select, both[0][0], "bob") == []

    assert len(built) == 1


@COMMITTED
def test_runs_of_two_organizations_in_threads_never_mix() -> None:
    select = Select(people_named, tuple)
    both = two_with_ada()
    barrier, wrong = Barrier(4), list[Any]()

    def read(of: Organization, ada: PrintUser) -> None:
        try:
            barrier.wait()  # so that all of them compile at once, too
            wrong.extend(
                found
                for _round in range(100)
                if (found := named(select, of, "ada")) != [(ada.pk, of.pk, "ada")]
            )
        except Exception as error:  # noqa: BLE001  # a thread's error would be lost
            wrong.append(error)
        finally:
            connection.close()

    threads = [Thread(target=read, args=each) for each in [*both, *both]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []


def test_literals_are_values_whatever_they_say(contoso: Organization) -> None:
    select = Select(people_named, tuple)
    for name in HOSTILE[:-1]:
        factories.person(contoso, name)

    for name in HOSTILE[:-1]:
        assert [row[2] for row in named(select, contoso, name)] == [name]
    assert named(select, contoso, HOSTILE[-1]) == []


@pytest.mark.parametrize("kept", [uuid4(), datetime(2026, 1, 1, tzinfo=UTC), b"x"])
def test_a_tenant_or_a_moment_of_the_first_run_is_refused(kept: object) -> None:
    if connection.vendor == "sqlite" and isinstance(kept, UUID | datetime):
        pytest.skip("SQLite has neither: Django compiles them to text")
    select = Select(lambda: PrintUser.objects.values_list(Value(kept)), tuple)

    with pytest.raises(TypeError, match="would keep .* of its first run"):
        select()


@COMMITTED
def test_the_database_tells_the_time_of_each_run(contoso: Organization) -> None:
    select = Select(lambda: Organization.objects.values_list(Now()), tuple)

    (first,), (second,) = (select()[0] for _run in range(2))

    assert timezone.now() - timedelta(minutes=1) < first <= second
    if connection.vendor == "postgresql":
        assert first < second


@pytest.mark.parametrize("given", [{}, {"organization": uuid4()}, {"organization": 1, "name": "", "nam": ""}])
def test_values_have_the_names_of_the_statement(given: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="takes .*name.*organization"):
        Select(people_named, tuple)(**given)


def test_a_list_has_any_number_of_values(contoso: Organization) -> None:
    people = [factories.person(contoso) for _person in range(3)]
    select = Select(
        lambda: PrintUser.objects.filter(Among(F("pk"), GivenList("ids", UUIDField()))).values_list("pk"),
        lambda row: row[0],
    )

    for size in (0, 1, 3):
        ids = [person.pk for person in people[:size]]
        assert sorted(select(ids=[*ids, uuid4()])) == sorted(ids)
    assert select(ids=[]) == []


def test_a_list_of_texts_is_made_of_values_too(contoso: Organization) -> None:
    names = GivenList("names", TextField())
    select = Select(
        lambda: PrintUser.objects.filter(Among(F("user_name"), names)).values_list("user_name"), tuple
    )
    for name in HOSTILE[:-1]:
        factories.person(contoso, name)

    assert sorted(select(names=HOSTILE)) == sorted((name,) for name in HOSTILE[:-1])


def test_rows_come_as_json_in_their_order(contoso: Organization) -> None:
    ada, bob = factories.person(contoso, "ada"), factories.person(contoso, "bob")
    PrintAlias.objects.filter(person=ada).delete()
    for value in HOSTILE:
        PrintAlias.objects.create(organization=contoso, person=ada, value=value, value_key=value)
    PrintAlias.objects.filter(person=bob).delete()
    names = PrintAlias.objects.filter(person=OuterRef("pk")).order_by("-id")
    rows = JsonRows(names.values(item=JSONObject(value="value", id="id")))
    select = Select(lambda: PrintUser.objects.order_by("user_name").values_list(rows), lambda row: row[0])

    of_ada, of_bob = select()

    assert [item["value"] for item in of_ada] == HOSTILE[::-1]
    assert all(isinstance(item["id"], int) for item in of_ada)
    assert of_bob == []


def test_values_come_back_as_the_orm_gives_them(contoso: Organization) -> None:
    factories.person(contoso, work_email="a@contoso.example")
    columns = [field.attname for field in PrintUser._meta.concrete_fields]
    people = PrintUser.objects.filter(organization=contoso)
    select = Select(lambda: PrintUser.objects.filter(organization=ORGANIZATION).values_list(*columns), tuple)

    assert select(organization=contoso.pk) == list(people.values_list(*columns))


def test_a_change_writes_what_each_run_gives(contoso: Organization) -> None:
    ada, bob = factories.person(contoso, "ada"), factories.person(contoso, "bob")
    change = Change(
        lambda: (
            PrintUser.objects.filter(pk=Given("pk", UUIDField()), state=PersonState.ACTIVE),
            {
                "department": Given("department", TextField()),
                "version": F("version") + Given("more", IntegerField()),
                "typed_addresses": Given("typed", JSONField()),
            },
        )
    )

    assert change(pk=ada.pk, department="a'%s", more=2, typed=["work_email"]) == 1
    assert change(pk=bob.pk, department="b", more=5, typed=[]) == 1
    assert change(pk=uuid4(), department="c", more=1, typed=[]) == 0

    ada.refresh_from_db()
    bob.refresh_from_db()
    assert (ada.department, ada.version, ada.typed_addresses) == ("a'%s", 3, ["work_email"])
    assert (bob.department, bob.version, bob.typed_addresses) == ("b", 6, [])


def test_a_change_that_fails_ends_the_transaction_as_the_orm_does(contoso: Organization) -> None:
    ada = factories.person(contoso, "ada")
    factories.person(contoso, "bob")
    rename = Change(
        lambda: (
            PrintUser.objects.filter(pk=Given("pk", UUIDField())),
            {"user_name_key": Given("key", TextField())},
        )
    )

    with transaction.atomic():
        with pytest.raises(IntegrityError):
            rename(pk=ada.pk, key="bob")

        assert transaction.get_rollback()


def locking() -> Select[tuple[Any, ...]]:
    """A statement that locks a person, more weakly than a deletion does."""
    locked = PrintUser.objects.filter(pk=Given("pk", UUIDField())).select_for_update(no_key=True)
    return Select(lambda: locked.values_list("state", "version"), tuple)


@COMMITTED
def test_a_lock_needs_a_transaction_at_every_run(contoso: Organization) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite locks no row")
    ada, lock = factories.person(contoso), locking()

    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        assert lock(pk=ada.pk) == [("active", 1)]

    assert "FOR NO KEY UPDATE" in queries[0]["sql"]
    with pytest.raises(transaction.TransactionManagementError):
        lock(pk=ada.pk)


@COMMITTED
def test_a_lock_that_waited_shows_the_row_as_it_is_then(contoso: Organization) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite locks no row")
    ada, lock, found = factories.person(contoso), locking(), list[Any]()
    begun = Barrier(2)

    def wait_for_it() -> None:
        try:
            with transaction.atomic():
                begun.wait()
                found.extend(lock(pk=ada.pk))
        finally:
            connection.close()

    thread = Thread(target=wait_for_it)
    with transaction.atomic():
        lock(pk=ada.pk)
        thread.start()
        begun.wait()
        PrintUser.objects.filter(pk=ada.pk).update(version=7)
    thread.join()

    assert found == [("active", 7)]


@COMMITTED
def test_a_statement_reads_the_schema_that_its_connection_is_in(contoso: Organization) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has no schemas")
    select = Select(lambda: Organization.objects.values_list("name"), tuple)
    assert select() == [("Contoso",)]

    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA elsewhere")
        cursor.execute(
            "CREATE TABLE elsewhere.organizations_organization AS TABLE organizations_organization"
        )
        cursor.execute("UPDATE elsewhere.organizations_organization SET name = 'Elsewhere'")
        cursor.execute("SET search_path TO elsewhere")
        try:
            assert select() == [("Elsewhere",)]
        finally:
            cursor.execute("SET search_path TO DEFAULT")
            cursor.execute("DROP SCHEMA elsewhere CASCADE")
    assert select() == [("Contoso",)]


@COMMITTED
def test_a_new_connection_runs_what_an_old_one_compiled(contoso: Organization) -> None:
    select = Select(lambda: Organization.objects.filter(~Q(name="")).values_list("pk"), lambda row: row[0])
    assert select() == [contoso.pk]

    connection.close()

    assert select() == [contoso.pk]
