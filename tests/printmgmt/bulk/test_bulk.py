"""Bulk operations: every item once, in turns; failures, stopping, and what is left out."""

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from printmgmt.audit.models import AuditEvent
from printmgmt.bulk import performing
from printmgmt.bulk.exceptions import NothingChosen
from printmgmt.bulk.models import BulkItem, BulkOperation, ItemState, OperationState
from printmgmt.bulk.performing import BulkOperations
from printmgmt.bulk.pruning import KEPT, PREVIEWED, forget_old
from printmgmt.bulk.services import order, prepare, start, stop
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser
from printmgmt.work.claims import claim
from printmgmt.work.runner import next_due, perform_due
from tests import factories
from tests.factories import TESTER
from tests.printmgmt.bulk.marking import Marking

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def contoso() -> Organization:
    return factories.organization("Contoso")


def people(of: Organization, *names: str) -> list[PrintUser]:
    """People, each called something that `Marking` understands."""
    return [factories.person(of, display_name=name) for name in names]


def marking(of: Organization, chosen: list[PrintUser], **more: Any) -> BulkOperation:
    return order(Marking.name, [person.pk for person in chosen], organization=of, by=TESTER, **more)


def marked(operation: BulkOperation) -> list[int]:
    """The versions of the operation's people, in the order of its items."""
    ids = operation.items.order_by("id").values_list("object_id", flat=True)
    versions = {str(pk): version for pk, version in PrintUser.objects.values_list("pk", "version")}
    return [versions[pk] for pk in ids]


def outcome(operation: BulkOperation) -> tuple[str, int, int, int]:
    operation.refresh_from_db()
    return operation.state, operation.done, operation.failed, operation.skipped


def test_every_item_is_changed_once_and_what_fails_stops_nobody(contoso: Organization) -> None:
    operation = marking(contoso, people(contoso, "a", "skip", "fail", "crash", "b"))

    assert perform_due(BulkOperations()) == 1
    assert perform_due(BulkOperations()) == 0

    assert outcome(operation) == (OperationState.FINISHED, 2, 2, 1)
    assert marked(operation) == [2, 1, 1, 1, 2]
    assert list(operation.items.order_by("id").values_list("state", "reason")) == [
        (ItemState.DONE, ""),
        (ItemState.SKIPPED, "Nothing to do."),
        (ItemState.FAILED, "Not allowed."),
        (ItemState.FAILED, "Unexpected error: RuntimeError."),
        (ItemState.DONE, ""),
    ]
    assert operation.options == {"ended": 1}


def test_ids_are_frozen_and_nothing_is_changed_before_the_start(contoso: Organization) -> None:
    ada, bob = people(contoso, "ada", "bob")
    ids = [ada.pk, str(bob.pk), str(ada.pk)]
    operation = prepare(Marking.name, ids, organization=contoso, by=TESTER, seen={str(bob.pk): bob.epoch})
    assert perform_due(BulkOperations()) == 0
    people(contoso, "later")

    assert start(operation, by=TESTER, reason="Contract ended")
    assert not start(operation, by=TESTER)
    perform_due(BulkOperations())

    assert outcome(operation) == (OperationState.FINISHED, 2, 0, 0)
    assert list(operation.items.values_list("object_id", "seen").order_by("id")) == [
        (str(ada.pk), ""),
        (str(bob.pk), str(bob.epoch)),
    ]
    event = AuditEvent.objects.get(verb="bulk.started")
    assert (event.object_id, event.reason) == (str(operation.pk), "Contract ended")


def test_an_operation_about_nothing_is_none(contoso: Organization) -> None:
    with pytest.raises(NothingChosen):
        prepare(Marking.name, [], organization=contoso, by=TESTER)


def test_rows_of_others_and_rows_that_are_gone_are_skipped(contoso: Organization) -> None:
    (stranger,) = people(factories.organization("Fabrikam"), "stranger")
    operation = order(Marking.name, [stranger.pk, uuid4()], organization=contoso, by=TESTER)

    perform_due(BulkOperations())

    assert outcome(operation) == (OperationState.FINISHED, 0, 0, 2)
    stranger.refresh_from_db()
    assert stranger.version == 1


def test_a_turn_is_bounded_and_organizations_take_turns(
    contoso: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(performing, "TURN", 2)
    fabrikam = factories.organization("Fabrikam")
    many = marking(contoso, people(contoso, *"abcde"))
    few = marking(fabrikam, people(fabrikam, "f"))
    ended = []
    turns = 0
    while due := next_due(BulkOperations()):
        _one_turn(due[0])
        turns += 1
        ended += [pk for pk in (many.pk, few.pk) if pk not in ended and _is_over(pk)]

    assert (turns, ended) == (4, [few.pk, many.pk])
    assert outcome(many) == (OperationState.FINISHED, 5, 0, 0)


def _one_turn(pk: Any) -> None:
    """One attempt of a worker at one operation."""
    work, owner = BulkOperations(), "worker"
    assert claim(work.rows(), pk, owner, work.lease)
    work.perform(performing.Claim(work.load(pk), owner, work.lease))


def _is_over(pk: Any) -> bool:
    return BulkOperation.objects.get(pk=pk).state == OperationState.FINISHED


def test_stop_leaves_what_is_done(contoso: Organization, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(performing, "TURN", 2)
    operation = marking(contoso, people(contoso, *"abcde"))
    _one_turn(operation.pk)

    assert stop(operation, by=TESTER)
    assert not stop(operation, by=TESTER)
    assert perform_due(BulkOperations()) == 0

    assert outcome(operation) == (OperationState.STOPPED, 2, 0, 0)
    assert marked(operation) == [2, 2, 1, 1, 1]
    assert Counter(operation.items.values_list("state", flat=True)) == {
        ItemState.DONE: 2,
        ItemState.STOPPED: 3,
    }
    assert (operation.options, AuditEvent.objects.filter(verb="bulk.stopped").count()) == ({"ended": 1}, 1)


def test_stop_in_the_middle_of_a_turn_ends_it_at_the_next_item(
    contoso: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    operation = marking(contoso, people(contoso, *"abc"))
    act = Marking.act

    def stopped_after_the_first(self: Marking, at: BulkOperation, item: BulkItem, row: PrintUser) -> None:
        act(self, at, item, row)
        stop(BulkOperation.objects.get(pk=operation.pk), by=TESTER)

    monkeypatch.setattr(Marking, "act", stopped_after_the_first)
    perform_due(BulkOperations())

    assert outcome(operation) == (OperationState.STOPPED, 1, 0, 0)
    assert marked(operation) == [2, 1, 1]


def test_a_kind_that_this_version_does_not_know_waits_for_one_that_does(contoso: Organization) -> None:
    operation = order("newer", [uuid4()], organization=contoso, by=TESTER)

    perform_due(BulkOperations())

    operation.refresh_from_db()
    assert (operation.state, operation.items.get().state) == (OperationState.WORKING, ItemState.PENDING)
    assert operation.due_at > timezone.now()


def test_old_operations_are_deleted_and_open_ones_are_not(contoso: Organization) -> None:
    chosen = people(contoso, "a")
    over = marking(contoso, chosen)
    perform_due(BulkOperations())
    working = marking(contoso, chosen)
    looked = prepare(Marking.name, [chosen[0].pk], organization=contoso, by=TESTER)

    with time_machine.travel(timezone.now() + PREVIEWED + timedelta(minutes=1)):
        assert forget_old() == 1
    assert not BulkOperation.objects.filter(pk=looked.pk).exists()
    with time_machine.travel(timezone.now() + KEPT + timedelta(minutes=1)):
        assert forget_old() == 1
    assert set(BulkOperation.objects.all()) == {working}
    assert not BulkItem.objects.filter(operation=over).exists()


PER_ITEM = 4
"""Statements: a savepoint (outside of tests: the transaction), the item, what `Marking` does, the release."""


@pytest.mark.parametrize("size", [3, 60])
def test_statements_of_a_turn(contoso: Organization, size: int) -> None:
    PrintUser.objects.bulk_create(
        PrintUser(
            organization=contoso, user_name=f"p{n}", user_name_key=f"p{n}", origin="console", source="console"
        )
        for n in range(size)
    )
    operation = marking(contoso, list(PrintUser.objects.of(contoso)))
    work = BulkOperations()
    assert claim(work.rows(), operation.pk, "worker", work.lease)
    claimed = performing.Claim(work.load(operation.pk), "worker", work.lease)

    with CaptureQueriesContext(connection) as captured:
        work.perform(claimed)

    # Besides: the items, their people, and at the end the operation, its counts and what `ended` writes.
    assert len(captured) == 2 + PER_ITEM * size + 9
