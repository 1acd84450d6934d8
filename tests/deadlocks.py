"""A deadlock as it happens: two transactions that take the same two locks, one this way, one the other."""

from collections.abc import Callable
from threading import Thread

from django.db import connection, transaction

from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintGroup, PrintUser
from tests.printmgmt.console.groups.test_races import until_somebody_waits
from tests.printmgmt.deprovisioning.test_races import in_thread


def deadlocked(change: Callable[[], object], *, row: PrintUser | PrintGroup) -> None:
    """Run ``change``, which locks ``row`` and records it, so that PostgreSQL breaks it off the first time."""
    errors: list[Exception] = []
    changing = Thread(target=in_thread, args=(change, errors))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL deadlock_timeout = '1min'")  # the other one notices first, and goes
        # An audit event points at the organization, so writing one waits for this at the commit.
        Organization.objects.select_for_update().get(pk=row.organization_id)
        changing.start()
        until_somebody_waits()
        type(row)._default_manager.select_for_update().get(pk=row.pk)
    changing.join()
    assert errors == []
