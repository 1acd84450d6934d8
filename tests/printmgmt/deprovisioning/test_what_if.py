"""What another policy would have done to the last ten leavers."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from printmgmt.deprovisioning.models import DeprovisionRun, LeavingPolicy, Trigger, WaitingJobs
from printmgmt.deprovisioning.what_if import compare_with_last_leavers
from printmgmt.organizations.models import Organization
from tests import factories

pytestmark = pytest.mark.django_db


def left(of: Organization, trigger: Trigger = Trigger.SUSPENDED, jobs: int = 0) -> DeprovisionRun:
    """A leaving that held so many jobs."""
    run = factories.leaver(of, trigger)
    held = [{"job": number, "printer": "front", "until": "", "at": "2026"} for number in range(jobs)]
    run.steps.filter(name="hold-jobs").update(evidence={"held": held}, target_id="1")
    return run


def test_jobs_dates_and_queues_are_compared(contoso: Organization) -> None:
    run = left(contoso, Trigger.REMOVED, jobs=2)
    draft = LeavingPolicy(
        organization=contoso, waiting_jobs=WaitingJobs.PURGE, remove_grace_days=30, close_queues=False
    )

    [compared] = compare_with_last_leavers(contoso, draft)

    assert compared.run == run
    assert (compared.was.jobs, compared.would.jobs) == (2, 2)
    assert (compared.was.waiting_jobs, compared.would.waiting_jobs) == ("hold", "purge")
    assert (compared.was.cancel_at, compared.would.cancel_at) == (run.cut_at + timedelta(days=7), run.cut_at)
    assert compared.would.restorable_until == run.cut_at + timedelta(days=30)
    assert (compared.was.closes_queues, compared.would.closes_queues) == (True, False)
    assert LeavingPolicy.objects.filter(organization=contoso).count() == 1


def test_a_breaker_that_lets_fewer_through_would_have_stopped_the_later_ones(contoso: Organization) -> None:
    """Each is judged by who had left until then, within the window; of this organization."""
    left(factories.organization("Fabrikam"))
    with time_machine.travel(timezone.now() - timedelta(hours=2)):
        left(contoso)
    for _each in range(3):
        left(contoso)

    draft = LeavingPolicy(organization=contoso, breaker_people=2, breaker_percent=1, breaker_minutes=60)
    compared = compare_with_last_leavers(contoso, draft)

    assert [each.would.paused for each in compared] == [True, False, False, False]
    assert not any(each.was.paused for each in compared)


def test_a_breaker_counts_a_percentage_where_that_is_more(contoso: Organization) -> None:
    for _each in range(3):
        left(contoso)
    factories.person(contoso)

    def paused(percent: int) -> bool:
        draft = LeavingPolicy(organization=contoso, breaker_people=1, breaker_percent=percent)
        return compare_with_last_leavers(contoso, draft)[0].would.paused

    assert paused(50)  # 2 of the 4 people who are not removed
    assert not paused(75)


def test_the_last_ten_take_four_statements(contoso: Organization, django_assert_num_queries: Any) -> None:
    runs = [left(contoso) for _each in range(12)]

    with django_assert_num_queries(4):
        compared = compare_with_last_leavers(contoso, LeavingPolicy(organization=contoso))

    assert [each.run for each in compared] == runs[:1:-1]
    assert all(each.was == each.would for each in compared)


def test_nobody_has_left_yet(contoso: Organization) -> None:
    assert compare_with_last_leavers(contoso, LeavingPolicy(organization=contoso)) == []
