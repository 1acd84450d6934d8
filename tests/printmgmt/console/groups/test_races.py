"""Two administrators at one group: the one who waited is told what became of it."""

import time
from collections.abc import Callable
from threading import Thread

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from printmgmt.organizations.models import Organization
from printmgmt.people.groups import rename_group
from printmgmt.people.models import PrintGroup, PrintUser
from printmgmt.people.tombstones import remove_group
from tests import factories
from tests.printmgmt.console.groups.pages import DIRECTORY, group, url_of
from tests.printmgmt.console.people.pages import address, message_text
from tests.printmgmt.deprovisioning.test_races import in_thread

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor == 'sqlite'", reason="races are proven on PostgreSQL"),
]
PATIENCE = 20.0
"""Seconds until someone must be waiting for a lock."""


@pytest.fixture
def contoso() -> Organization:
    return factories.organization("Contoso")


@pytest.fixture
def ada(contoso: Organization) -> PrintUser:
    return factories.person(contoso, "ada")


@pytest.fixture
def client(contoso: Organization) -> Client:
    return factories.signed_in(contoso)


def delete(staff: PrintGroup) -> None:
    remove_group(PrintGroup.objects.get(pk=staff.pk), until=timezone.now(), by=factories.TESTER)


def overtaken(second: Callable[[], object], *, by: Callable[[], object]) -> None:
    """Begin ``second`` while ``by`` is done but not committed; commit it once ``second`` waits."""
    errors: list[Exception] = []
    waiting = Thread(target=in_thread, args=(second, errors))
    try:
        with transaction.atomic():
            by()
            waiting.start()
            until_somebody_waits()
    finally:
        waiting.join()
    assert errors == []


def until_somebody_waits(number: int = 1) -> None:
    """Until so many wait for a lock."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # a transaction sees what it saw first
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0] >= number:
                return
        time.sleep(0.05)
    pytest.fail("nobody waits")


@pytest.mark.parametrize("view", ["group_rename", "group_delete", "group_members", "group_members_remove"])
def test_who_changes_a_group_that_is_being_deleted_is_sent_to_the_list(
    client: Client, contoso: Organization, ada: PrintUser, view: str
) -> None:
    staff = group(contoso, "Staff", *([ada] if view == "group_members_remove" else []))
    answers = []

    overtaken(
        lambda: answers.append(client.post(url_of(staff, view), {"display_name": "New", "pick": [ada.pk]})),
        by=lambda: delete(staff),
    )

    assert answers[0]["Location"] == f"/o/{contoso.slug}/groups/"
    assert message_text(answers[0]) == "The group “Staff” was deleted in the meantime."


def test_who_joins_a_group_that_is_being_deleted_chooses_again(
    client: Client, contoso: Organization, ada: PrintUser
) -> None:
    staff, sales = group(contoso, "Staff"), group(contoso, "Sales")
    answers = []

    overtaken(
        lambda: answers.append(client.post(address(ada, "person_groups"), {"pick": [staff.pk, sales.pk]})),
        by=lambda: delete(staff),
    )

    assert "The group “Staff” was deleted in the meantime." in answers[0].content.decode()
    assert not ada.memberships.exists()  # all of it or nothing


def test_a_group_that_is_being_linked_to_the_directory_keeps_its_name(
    client: Client, contoso: Organization
) -> None:
    staff = group(contoso, "Staff")
    answers = []

    overtaken(
        lambda: answers.append(client.post(url_of(staff, "group_delete"))),
        by=lambda: PrintGroup.objects.filter(pk=staff.pk).update(source=DIRECTORY.source),
    )

    assert message_text(answers[0]) == "“Staff” is managed by its directory. Change it there."
    assert PrintGroup.objects.filter(pk=staff.pk).exists()


def test_of_two_who_take_one_name_the_second_gets_an_error(client: Client, contoso: Organization) -> None:
    staff, sales = group(contoso, "Staff"), group(contoso, "Sales")
    answers = []

    overtaken(
        lambda: answers.append(client.post(url_of(staff, "group_rename"), {"display_name": "teachers"})),
        by=lambda: rename_group(sales, "Teachers", by=factories.TESTER),
    )

    assert "Another group already has the name “teachers”." in answers[0].content.decode()
