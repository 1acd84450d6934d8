"""The runner: one lease a step, look again before acting, count before acting, back off, give up."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.models import DeprovisionRun, DeprovisionStep, RunState, StepState
from printmgmt.deprovisioning.performing import Steps
from printmgmt.deprovisioning.steps.base import StepError, Target
from printmgmt.organizations.models import Organization
from printmgmt.work import runner
from printmgmt.work.claims import claim
from tests import factories
from tests.due import perform_due
from tests.forks import work_in_forks
from tests.printmgmt.deprovisioning.held_jobs import HoldJobs

BY = factories.TESTER
STEPS = Steps()
LEASE = Steps.lease
MAX_CRASHES = Steps.patience.crashes


def held_step(run: DeprovisionRun, target: str = "hall") -> DeprovisionStep:
    return run.steps.get(name=HoldJobs.name, target_id=target)


def raising(error: Exception) -> Callable[[Target], None]:
    def interfere(target: Target) -> None:
        raise error

    return interfere


def test_done_step_keeps_evidence_and_lets_the_lease_go(contoso: Organization, hold_jobs: HoldJobs) -> None:
    ada = factories.person(contoso)
    hold_jobs.queue(ada.pk, "letter")
    run = factories.leaver(contoso, who=ada)
    assert run.state == RunState.WORKING

    assert perform_due(run_id=run.pk) == 1

    step = held_step(run)
    assert (step.state, step.evidence) == (StepState.DONE, {"held": ["letter"]})
    assert (step.crashes, step.lease_until, step.lease_owner) == (0, None, "")
    assert step.ended_at is not None
    run.refresh_from_db()
    assert run.state == RunState.SETTLED
    assert run.settled_at is not None
    assert run.next_due_at == run.steps.get(name="notify-administrators").due_at


def test_step_that_is_not_due_waits(contoso: Organization, hold_jobs: HoldJobs) -> None:
    hold_jobs.servers = ()
    run = factories.leaver(contoso)

    assert perform_due(run_id=run.pk) == 0


def test_held_step_is_nobody_elses_until_the_lease_is_over(
    contoso: Organization, hold_jobs: HoldJobs
) -> None:
    run = factories.leaver(contoso)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert claim(STEPS.rows(), held_step(run).pk, "a worker that died", LEASE)
        assert not claim(STEPS.rows(), held_step(run).pk, "another", LEASE)
        assert perform_due() == 0

        clock.shift(LEASE + timedelta(seconds=1))

        assert perform_due() == 1
    assert held_step(run).state == StepState.DONE


@pytest.mark.django_db(transaction=True)
def test_many_workers_act_once_on_each_step(hold_jobs: HoldJobs) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("races are proven on PostgreSQL")
    contoso = factories.organization()
    people = [factories.leaver(contoso).person_id for _ in range(30)]
    together = Barrier(6)

    def work() -> None:
        together.wait()
        perform_due()
        connection.close()

    threads = [Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Counter(hold_jobs.acts) == Counter(f"{person}@hall" for person in people)
    assert set(DeprovisionRun.objects.values_list("state", flat=True)) == {RunState.SETTLED}


def test_slow_attempt_that_lost_its_lease_changes_nothing(contoso: Organization, hold_jobs: HoldJobs) -> None:
    run = factories.leaver(contoso)
    taken_over = {"lease_owner": "another", "lease_until": timezone.now() + LEASE, "crashes": 1}
    hold_jobs.after = lambda target: DeprovisionStep.objects.filter(run=run).update(**taken_over)

    perform_due()

    step = held_step(run)
    assert (step.state, step.lease_owner, step.crashes) == (StepState.PENDING, "another", 1)


def test_permanent_error_needs_attention_at_once(contoso: Organization, hold_jobs: HoldJobs) -> None:
    run = factories.leaver(contoso)
    hold_jobs.before = raising(StepError("forbidden", permanent=True))

    perform_due()

    step = held_step(run)
    assert (step.state, step.error) == (StepState.ATTENTION, "forbidden")
    run.refresh_from_db()
    assert run.state == RunState.ATTENTION


def test_not_now_is_retried_later_and_later(contoso: Organization, hold_jobs: HoldJobs) -> None:
    run = factories.leaver(contoso)
    hold_jobs.before = raising(StepError("offline", permanent=False))
    waits = []
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(14):
            assert perform_due(run_id=run.pk) == 1
            step = held_step(run)
            waits.append((step.due_at - timezone.now()).total_seconds())
            clock.move_to(step.due_at)
            DeprovisionStep.objects.exclude(pk=step.pk).update(due_at=timezone.now() + timedelta(days=99))

    assert step.state == StepState.PENDING
    assert (step.attempts, step.crashes, step.error) == (14, 0, "offline")
    for times, wait in enumerate(waits):
        ceiling = min(3600, 5 * 2**times)
        assert ceiling / 2 <= wait <= ceiling


def test_back_off_is_not_the_same_for_everybody(contoso: Organization, hold_jobs: HoldJobs) -> None:
    hold_jobs.before = raising(StepError("offline", permanent=False))
    with time_machine.travel(timezone.now(), tick=False):
        runs = [factories.leaver(contoso) for _ in range(5)]
        perform_due()
    assert len({held_step(run).due_at for run in runs}) == 5


def test_not_now_for_three_days_needs_attention(contoso: Organization, hold_jobs: HoldJobs) -> None:
    run = factories.leaver(contoso)
    hold_jobs.before = raising(StepError("offline", permanent=False))
    with time_machine.travel(timezone.now(), tick=False) as clock:
        perform_due(run_id=run.pk)
        clock.shift(timedelta(hours=72, seconds=-1))
        perform_due(run_id=run.pk)
        assert held_step(run).state == StepState.PENDING
        clock.shift(timedelta(hours=1))
        perform_due(run_id=run.pk)

    step = held_step(run)
    assert (step.state, step.error) == (StepState.ATTENTION, "offline")


def test_effect_that_does_not_hold_is_not_done(contoso: Organization, hold_jobs: HoldJobs) -> None:
    ada = factories.person(contoso)
    hold_jobs.queue(ada.pk, "letter")
    run = factories.leaver(contoso, who=ada)
    hold_jobs.holds = False

    perform_due()

    step = held_step(run)
    assert (step.state, step.attempts) == (StepState.PENDING, 1)
    assert step.evidence == {"held": ["letter"]}


def test_evidence_of_a_failed_attempt_is_undone_too(contoso: Organization, hold_jobs: HoldJobs) -> None:
    ada = factories.person(contoso)
    hold_jobs.queue(ada.pk, "letter")
    factories.leaver(contoso, who=ada)
    hold_jobs.after = raising(StepError("busy", permanent=False))
    perform_due()
    hold_jobs.after = lambda target: None

    leaving.reactivate(ada, by=BY)
    perform_due()

    assert hold_jobs.waiting[str(ada.pk)] == {"letter"}


def test_step_that_keeps_raising_is_tried_five_times(contoso: Organization, hold_jobs: HoldJobs) -> None:
    run = factories.leaver(contoso)
    hold_jobs.before = raising(ZeroDivisionError("a bug"))
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for attempt in range(1, MAX_CRASHES + 1):
            perform_due(run_id=run.pk)
            assert (held_step(run).state, held_step(run).crashes) == (StepState.PENDING, attempt)
            clock.move_to(held_step(run).due_at)
        perform_due(run_id=run.pk)

    step = held_step(run)
    assert step.state == StepState.ATTENTION
    assert step.error == "Failed after 5 attempts. Unexpected error: ZeroDivisionError."


def test_dead_server_blocks_no_other(contoso: Organization, hold_jobs: HoldJobs) -> None:
    hold_jobs.servers = ("cellar", "hall")

    def dead(target: Target) -> None:
        if target.id == "cellar":
            raise StepError("offline", permanent=False)

    hold_jobs.before = dead
    run = factories.leaver(contoso)

    perform_due()

    assert held_step(run, "cellar").state == StepState.PENDING
    assert held_step(run, "hall").state == StepState.DONE


def test_step_unknown_to_this_version_stops_no_other(contoso: Organization, hold_jobs: HoldJobs) -> None:
    run = factories.leaver(contoso)
    other = factories.leaver(contoso)
    DeprovisionStep.objects.filter(pk=held_step(run).pk).update(name="of-a-newer-version")

    perform_due()

    assert run.steps.get(name="of-a-newer-version").state == StepState.ATTENTION
    assert held_step(other).state == StepState.DONE


KILLED = """
import signal
from django.utils import timezone
from printmgmt.deprovisioning import steps
from printmgmt.deprovisioning.models import DeprovisionStep
from tests.due import perform_due
from tests.forks import work_in_forks
from tests.printmgmt.deprovisioning.held_jobs import HoldJobs
step = HoldJobs()
steps.STEP_BY_NAME[step.name] = step
def kill(target):
    if target.id == "poison":
        os.kill(os.getpid(), signal.SIGKILL)
step.before = kill
work = perform_due
def between():  # its lease would be over in a minute
    DeprovisionStep.objects.filter(lease_until__isnull=False).update(lease_until=timezone.now())
"""


@pytest.mark.django_db(transaction=True)
def test_step_that_kills_its_worker_five_times_needs_attention_and_the_others_finish(
    hold_jobs: HoldJobs, child_environment: dict[str, str]
) -> None:
    contoso = factories.organization()
    hold_jobs.servers = ("poison",)
    poison = factories.leaver(contoso)
    hold_jobs.servers = ("hall",)
    others = [factories.leaver(contoso) for _ in range(8)]

    workers = work_in_forks(KILLED, child_environment, times=MAX_CRASHES + 2)

    assert [each.code for each in workers] == [-9] * MAX_CRASHES + [0, 0]
    step = held_step(poison, "poison")
    assert step.state == StepState.ATTENTION
    assert step.error == "Failed after 5 attempts."
    for run in others:
        run.refresh_from_db()
        # Settled; finished, too, where the digest fell due in the meantime.
        assert run.state in (RunState.SETTLED, RunState.FINISHED)
        assert held_step(run).crashes == 0


def test_organizations_take_turns(contoso: Organization, hold_jobs: HoldJobs) -> None:
    fabrikam = factories.organization("Fabrikam")
    for _ in range(120):
        factories.leaver(contoso)
    small = factories.leaver(fabrikam)

    assert held_step(small).pk in runner.next_due(STEPS)[:2]


def test_call_goes_home_in_time(
    contoso: Organization, hold_jobs: HoldJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = SimpleNamespace(now=0.0)
    monkeypatch.setattr(runner, "time", SimpleNamespace(monotonic=lambda: clock.now))

    def take_long(target: Target) -> None:
        clock.now += Steps.budget + 1

    hold_jobs.after = take_long
    for _ in range(3):
        factories.leaver(contoso)

    assert perform_due() == 1


def test_person_back_between_claim_and_act_is_left_alone(
    contoso: Organization, hold_jobs: HoldJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = factories.person(contoso)
    hold_jobs.queue(ada.pk, "letter")
    run = factories.leaver(contoso, who=ada)

    def claim_then_come_back(*step: Any) -> bool:
        claimed = claim(*step)
        if claimed and ada.is_gone:
            leaving.reactivate(ada, by=BY)
        return claimed

    monkeypatch.setattr(runner, "claim", claim_then_come_back)

    perform_due()

    assert hold_jobs.acts == []
    assert hold_jobs.waiting[str(ada.pk)] == {"letter"}
    assert held_step(run).state in (StepState.SUPERSEDED, StepState.UNDONE)


def test_person_back_while_a_step_acts_gets_everything_back(
    contoso: Organization, hold_jobs: HoldJobs
) -> None:
    ada = factories.person(contoso)
    hold_jobs.queue(ada.pk, "letter")
    run = factories.leaver(contoso, who=ada)

    def come_back(target: Target) -> None:
        hold_jobs.after = lambda target: None
        leaving.reactivate(ada, by=BY)

    hold_jobs.after = come_back

    perform_due()

    assert hold_jobs.waiting[str(ada.pk)] == {"letter"}
    assert held_step(run).state == StepState.UNDONE
    run.refresh_from_db()
    assert run.state == RunState.UNDONE


def test_person_removed_while_a_step_acts_gets_everything_back_at_the_restore(
    contoso: Organization, hold_jobs: HoldJobs
) -> None:
    ada = factories.person(contoso)
    hold_jobs.queue(ada.pk, "letter")
    run = factories.leaver(contoso, who=ada)

    def go_for_good(target: Target) -> None:
        hold_jobs.after = lambda target: None
        leaving.remove(ada, by=BY)

    hold_jobs.after = go_for_good
    perform_due()
    assert held_step(run).state == StepState.DONE

    leaving.restore(ada, by=BY)
    perform_due()

    assert hold_jobs.waiting[str(ada.pk)] == {"letter"}


def test_next_run_waits_for_the_attempt_that_is_still_running(
    contoso: Organization, hold_jobs: HoldJobs
) -> None:
    ada = factories.person(contoso)
    first = factories.leaver(contoso, who=ada)
    claim(STEPS.rows(), held_step(first).pk, "a slow worker", LEASE)
    second = leaving.remove(ada, by=BY)

    with time_machine.travel(timezone.now(), tick=False) as clock:
        perform_due(run_id=second.pk)
        assert hold_jobs.acts == []
        assert held_step(second).attempts == 1
        clock.shift(LEASE + timedelta(seconds=1))
        perform_due(run_id=second.pk)
    assert held_step(second).state == StepState.DONE


def test_undo_that_fails_needs_attention(contoso: Organization, hold_jobs: HoldJobs) -> None:
    ada = factories.person(contoso)
    run = factories.leaver(contoso, who=ada)
    perform_due()
    leaving.reactivate(ada, by=BY)
    hold_jobs.before = raising(StepError("forbidden", permanent=True))

    perform_due()

    run.refresh_from_db()
    assert (run.state, held_step(run).state) == (RunState.ATTENTION, StepState.ATTENTION)
