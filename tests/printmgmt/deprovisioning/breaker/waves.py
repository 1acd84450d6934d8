"""Many people who leave at once."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

import time_machine
from django.utils import timezone

from printmgmt.bulk.models import BulkOperation
from printmgmt.bulk.performing import BulkOperations
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.breaker.judging import judge_due
from printmgmt.deprovisioning.models import BatchState, BreakerBatch, DeprovisionRun
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser
from printmgmt.work.runner import perform_due
from tests import factories, many

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
BY = factories.TESTER


def crowd(of: Organization, number: int) -> list[PrintUser]:
    """So many active people."""
    return many.people(of, range(number))


def remove(person: PrintUser) -> object:
    return leaving.remove(person, by=BY)


def leave(
    people: Iterable[PrintUser],
    *,
    every: timedelta = timedelta(seconds=20),
    start: datetime = START,
    how: Callable[[PrintUser], object] = remove,
    judged: bool = True,
) -> datetime:
    """Let people leave one after the other, and each be judged by a worker; return when the last one left."""
    moment = start
    for person in people:
        with time_machine.travel(moment, tick=False):
            how(person)
            if judged:
                judge_due()
        moment += every
    return moment - every


def batch_of(of: Organization) -> BreakerBatch | None:
    """The open batch."""
    return BreakerBatch.objects.filter(organization=of, state=BatchState.OPEN).first()


def opened(of: Organization) -> BreakerBatch:
    batch = batch_of(of)
    assert batch is not None
    return batch


def runs_by_state(of: Organization) -> dict[str, int]:
    found: dict[str, int] = {}
    for state in DeprovisionRun.objects.filter(organization=of).values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def carry_out() -> None:
    """Carry out what was decided, in as many turns as it takes."""
    while perform_due(BulkOperations()):
        BulkOperation.objects.update(due_at=timezone.now())
