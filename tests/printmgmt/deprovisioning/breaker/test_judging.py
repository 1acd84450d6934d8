"""When the breaker opens, whom it counts and what waits from then on."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from printmgmt.audit.models import AuditEvent
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.breaker.counting import find_wave
from printmgmt.deprovisioning.breaker.judging import judge, judge_due
from printmgmt.deprovisioning.models import DeprovisionRun, DeprovisionStep, RunState, StepState
from printmgmt.deprovisioning.policy import change_policy
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser
from tests import factories
from tests.due import outbox, perform_due
from tests.printmgmt.deprovisioning.breaker.waves import (
    BY,
    START,
    batch_of,
    crowd,
    leave,
    opened,
    runs_by_state,
)

pytestmark = pytest.mark.django_db


def wipes() -> list[str]:
    return list(DeprovisionStep.objects.filter(name="wipe-credentials").values_list("state", flat=True))


def test_twenty_of_two_hundred_may_leave(contoso: Organization) -> None:
    leave(crowd(contoso, 200)[:20])

    assert batch_of(contoso) is None
    assert set(wipes()) == {StepState.PENDING}


def test_the_twenty_first_opens_it_with_everyone_of_the_window(contoso: Organization) -> None:
    leave(crowd(contoso, 200)[:25])

    batch = opened(contoso)
    assert (batch.leavers, batch.base, batch.limit, batch.minutes) == (21, 200, 20, 60)
    assert batch.runs.count() == 25
    assert wipes() == [StepState.WAITING] * 25
    assert AuditEvent.objects.filter(verb="breaker.opened").count() == 1


def test_access_ends_at_once_all_the_same(contoso: Organization) -> None:
    people = crowd(contoso, 30)
    leave(people)

    assert not PrintUser.objects.filter(organization=contoso, state="active").exists()


@pytest.mark.parametrize("size", [500, pytest.param(5_000, marks=pytest.mark.proof)])
def test_ten_percent_of_many_may_leave(contoso: Organization, size: int) -> None:
    people, allowed = crowd(contoso, size), size // 10
    leave(people[:allowed], every=timedelta(seconds=1), judged=False)
    judge_due()
    assert batch_of(contoso) is None

    leave(people[allowed : allowed + 1], start=START + timedelta(minutes=30))

    batch = opened(contoso)
    assert (batch.leavers, batch.base, batch.limit) == (allowed + 1, size, allowed)
    assert batch.runs.count() == allowed + 1


def test_the_window_slides(contoso: Organization) -> None:
    people = crowd(contoso, 100)
    leave(people[:60], every=timedelta(minutes=3, seconds=1))

    assert batch_of(contoso) is None
    # Twenty in an hour all the time; the next come faster.
    leave(people[60:62], start=START + timedelta(minutes=3, seconds=1) * 59 + timedelta(seconds=5))
    assert batch_of(contoso) is not None


def test_a_worker_that_was_away_judges_by_when_people_left(contoso: Organization) -> None:
    leave(crowd(contoso, 100)[:60], every=timedelta(minutes=3, seconds=1), judged=False)
    judge_due()

    assert batch_of(contoso) is None


def test_those_who_left_before_the_window_do_not_join(contoso: Organization) -> None:
    people = crowd(contoso, 200)
    leave(people[:5])
    leave(people[5:30], start=START + timedelta(hours=3))

    assert opened(contoso).runs.count() == 25


def test_later_leavers_join_while_it_is_open(contoso: Organization) -> None:
    people = crowd(contoso, 200)
    leave(people[:21])
    leave(people[21:22], start=START + timedelta(days=2))

    assert opened(contoso).runs.count() == 22
    assert opened(contoso).leavers == 21


def test_another_organization_is_not_concerned(contoso: Organization) -> None:
    fabrikam = factories.organization("Fabrikam")
    leave(crowd(contoso, 200)[:21])
    leave(crowd(fabrikam, 200)[:3])

    assert batch_of(fabrikam) is None
    assert not fabrikam.runs.exclude(batch=None).exists()


def test_removals_of_people_without_access_never_count(contoso: Organization) -> None:
    people = crowd(contoso, 200)
    leave(people[:40], every=timedelta(minutes=10), how=lambda person: leaving.suspend(person, by=BY))
    leave(people[:40], start=START + timedelta(days=2))

    assert batch_of(contoso) is None


def test_suspended_then_removed_counts_once_and_waits_by_its_last_run(contoso: Organization) -> None:
    people = crowd(contoso, 200)
    leave(people[:15], how=lambda person: leaving.suspend(person, by=BY))
    leave(people[:15], start=START + timedelta(minutes=10))
    assert batch_of(contoso) is None

    leave(people[15:21], start=START + timedelta(minutes=20))

    assert opened(contoso).leavers == 21
    assert wipes() == [StepState.WAITING] * 21


def test_who_comes_back_or_flips_is_not_counted_twice(contoso: Organization) -> None:
    def flip(person: PrintUser) -> None:
        for _ in range(3):
            leaving.suspend(person, by=BY)
            judge_due()
            leaving.reactivate(person, by=BY)

    people = crowd(contoso, 200)
    leave(people[:25], how=flip)
    leave(people[:20], start=START + timedelta(minutes=30), how=lambda who: leaving.suspend(who, by=BY))

    assert batch_of(contoso) is None


def test_a_removal_of_someone_long_suspended_does_not_join(contoso: Organization) -> None:
    old, *people = crowd(contoso, 200)
    leave([old], start=START - timedelta(days=20), how=lambda person: leaving.suspend(person, by=BY))
    leave(people[:21])
    leave([old], start=START + timedelta(minutes=30))

    assert not old.runs.exclude(batch=None).exists()


def test_the_policy_of_each_run_decides(contoso: Organization) -> None:
    people = crowd(contoso, 200)
    leave(people[:21])
    with time_machine.travel(START + timedelta(minutes=8), tick=False):
        change_policy(contoso, {"breaker_people": 100}, by=BY)
    leave(people[21:22], start=START + timedelta(minutes=9))

    # Open is open: a higher limit does not decide about those who wait.
    assert opened(contoso).runs.count() == 22


def test_a_waiting_step_is_not_performed_on_its_date(contoso: Organization) -> None:
    last = leave(crowd(contoso, 200)[:21])
    with time_machine.travel(last + timedelta(days=9), tick=False):
        perform_due()

    assert set(wipes()) == {StepState.WAITING}
    assert runs_by_state(contoso) == {RunState.WAITING: 21}


def test_a_run_is_settled_while_it_waits(contoso: Organization) -> None:
    last = leave(crowd(contoso, 200)[:21])
    with time_machine.travel(last + timedelta(hours=1), tick=False):
        perform_due()

    assert DeprovisionRun.objects.filter(settled_at=None).count() == 0
    assert DeprovisionRun.objects.exclude(next_due_at=None).count() == 0


def test_what_destroys_is_judged_before_it_begins(contoso: Organization) -> None:
    """As under the policy that cancels jobs at once: no worker has judged anyone yet."""
    leave(crowd(contoso, 200)[:25], judged=False)
    DeprovisionStep.objects.filter(name="wipe-credentials").update(due_at=START)
    with time_machine.travel(START + timedelta(minutes=15), tick=False):
        perform_due()

    assert opened(contoso).runs.count() == 25
    assert set(wipes()) == {StepState.WAITING}


def test_administrators_get_one_mail(contoso: Organization) -> None:
    leave(crowd(contoso, 200)[:25])

    (mail,) = [one for one in outbox() if "at once" in one.subject]
    assert "21 of 200 people left within 60 minutes" in mail.body
    assert f"/leavers/batches/{opened(contoso).pk}/" in mail.body


def test_judging_costs_the_same_at_3_and_at_100_leavers(contoso: Organization) -> None:
    people = crowd(contoso, 200)
    change_policy(contoso, {"breaker_people": 150}, by=BY)
    leave(people[:3])
    leave(people[3:4], judged=False, start=START + timedelta(minutes=2))
    with CaptureQueriesContext(connection) as few:
        judge(DeprovisionRun.objects.select_related("policy").get(judged_at=None))
    leave(people[4:104], every=timedelta(seconds=1), judged=False, start=START + timedelta(minutes=3))
    judge_due()
    leave(people[104:105], judged=False, start=START + timedelta(minutes=9))
    with CaptureQueriesContext(connection) as many:
        judge(DeprovisionRun.objects.select_related("policy").get(judged_at=None))

    assert (len(few), len(many)) == (5, 5)


def test_nobody_is_a_wave(contoso: Organization) -> None:
    run = factories.leaver(contoso)

    assert find_wave(run) is None
