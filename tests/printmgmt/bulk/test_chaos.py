"""Bulk operations with real processes: killed workers, and several at once."""

from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from printmgmt.bulk.models import BulkOperation, ItemState, OperationState
from printmgmt.bulk.performing import BulkOperations
from printmgmt.bulk.services import order
from printmgmt.people.models import PrintUser
from printmgmt.work.runner import perform_due
from tests import factories
from tests.factories import TESTER
from tests.forks import work_in_forks
from tests.printmgmt.bulk.marking import Marking

pytestmark = pytest.mark.django_db(transaction=True)

WORKER = """
from django.utils import timezone
from printmgmt.bulk.models import BulkOperation
from printmgmt.bulk.performing import BulkOperations
from printmgmt.work.runner import perform_due
import tests.printmgmt.bulk.marking
def work():
    perform_due(BulkOperations())
def between():  # its lease would be over in a minute
    BulkOperation.objects.filter(lease_until__isnull=False).update(lease_until=timezone.now())
"""


def test_a_worker_that_is_killed_loses_nothing_and_does_nothing_twice(
    child_environment: dict[str, str],
) -> None:
    contoso = factories.organization("Contoso")
    chosen = [factories.person(contoso, display_name=name) for name in ("a", "poison", "b", "poison", "c")]
    operation = order(Marking.name, [person.pk for person in chosen], organization=contoso, by=TESTER)

    workers = work_in_forks(WORKER, child_environment, times=6)

    # Each of the two kills its worker until it was begun twice with care.
    assert [each.code for each in workers] == [-9, -9, -9, -9, -9, 0]
    operation.refresh_from_db()
    assert (operation.state, operation.done, operation.failed) == (OperationState.FINISHED, 3, 2)
    versions = dict(PrintUser.objects.values_list("pk", "version"))
    assert [versions[person.pk] for person in chosen] == [2, 1, 2, 1, 2]
    failed = operation.items.filter(state=ItemState.FAILED)
    assert set(failed.values_list("reason", flat=True)) == {"The worker stopped each time."}


@pytest.mark.skipif(connection.vendor == "sqlite", reason="races are proven on PostgreSQL")
def test_two_workers_at_one_operation_change_every_item_once() -> None:
    """Also when the first one's lease ends while it works."""
    contoso = factories.organization("Contoso")
    chosen = [factories.person(contoso) for _number in range(30)]
    operation = order(Marking.name, [person.pk for person in chosen], organization=contoso, by=TESTER)
    together = Barrier(3)

    def worker() -> None:
        together.wait()
        perform_due(BulkOperations())
        connection.close()

    def taker() -> None:
        together.wait()
        for _round in range(20):
            BulkOperation.objects.filter(lease_until__isnull=False).update(lease_until=timezone.now())
            perform_due(BulkOperations())
        connection.close()

    threads = [Thread(target=work) for work in (worker, worker, taker)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    BulkOperation.objects.filter(lease_until__isnull=False).update(lease_until=timezone.now())
    perform_due(BulkOperations())

    operation.refresh_from_db()
    assert (operation.state, operation.done) == (OperationState.FINISHED, 30)
    assert set(
        PrintUser.objects.filter(pk__in=[each.pk for each in chosen]).values_list("version", flat=True)
    ) == {2}
