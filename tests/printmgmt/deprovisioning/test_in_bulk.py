"""Many people suspended in one operation: what it costs, and that it is the same as one after the other."""

from typing import Any

import pytest
from django.db import connection

from printmgmt.bulk import performing
from printmgmt.bulk.models import BulkOperation
from printmgmt.bulk.performing import BulkOperations
from printmgmt.bulk.services import order
from printmgmt.deprovisioning.in_bulk import RESTORE, SUSPEND
from printmgmt.deprovisioning.models import RunState
from printmgmt.deprovisioning.policy import current_policy
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PersonState
from printmgmt.work.claims import claim
from tests.due import perform_due
from tests.factories import TESTER
from tests.many import people

pytestmark = pytest.mark.django_db


def statements(operation: BulkOperation) -> int:
    """What one turn of a worker costs that changes everyone."""
    work = BulkOperations()
    assert claim(work.rows(), operation.pk, "worker", work.lease)
    claimed: Any = performing.Claim(work.load(operation.pk), "worker", work.lease)
    number = 0

    def counting(execute: Any, *arguments: Any) -> Any:
        nonlocal number
        number += 1
        return execute(*arguments)

    # Django's own log of statements ends at 9,000.
    with connection.execute_wrapper(counting):
        work.perform(claimed)
    operation.refresh_from_db()
    assert operation.done == operation.total
    return number


@pytest.fixture
def _one_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(performing, "TURN", 1000)
    monkeypatch.setattr(performing, "SECONDS", 300.0)


SUSPENDED, RESTORED, BESIDES = 21, 18, 10
"""Statements for one person, and for the operation."""


@pytest.mark.both_databases
@pytest.mark.usefixtures("_one_turn")
@pytest.mark.parametrize("size", [3, 30, pytest.param(300, marks=pytest.mark.proof)])
def test_each_of_many_people_costs_the_same(contoso: Organization, size: int) -> None:
    ids = [person.pk for person in people(contoso, range(size))]
    current_policy(contoso)

    suspended = statements(order(SUSPEND, ids, organization=contoso, by=TESTER, reason="Contract ended"))
    assert contoso.people.exclude(state=PersonState.SUSPENDED).count() == 0
    assert contoso.runs.count() == size
    perform_due()
    restored = statements(order(RESTORE, ids, organization=contoso, by=TESTER))

    assert contoso.people.exclude(state=PersonState.ACTIVE).count() == 0
    perform_due()
    assert set(contoso.runs.values_list("state", flat=True)) == {RunState.UNDONE}
    assert (suspended, restored) == (BESIDES + SUSPENDED * size, BESIDES + RESTORED * size)
