"""Leaving and coming back while workers act, on PostgreSQL: nobody waits for each other in a circle."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Event, Thread

import pytest
import time_machine
from django.db import connection, transaction

from printmgmt.deprovisioning import performing
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.models import DeprovisionRun, DeprovisionStep, RunState, StepState
from printmgmt.deprovisioning.policy import current_policy
from printmgmt.organizations.roles import Role
from printmgmt.people.models import PrintUser
from printmgmt.people.services import lock_person
from tests import factories
from tests.due import perform_due
from tests.printmgmt.deprovisioning.held_jobs import HoldJobs
from tests.printmgmt.equipment import equipped

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor == 'sqlite'", reason="races are proven on PostgreSQL"),
]
BY = factories.TESTER


def in_thread(work: Callable[[], object], errors: list[Exception] | None = None) -> None:
    """Do it on a connection of the thread's own; what it raises goes to ``errors``."""
    try:
        work()
    except Exception as error:
        if errors is None:
            raise
        errors.append(error)
    finally:
        connection.close()


def at_once(*works: Callable[[], object]) -> list[Exception]:
    """Run all at the same time in threads of their own; return what they raised."""
    together = Barrier(len(works))
    errors: list[Exception] = []

    def run(work: Callable[[], object]) -> None:
        together.wait()
        in_thread(work, errors)

    threads = [Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def test_people_flip_while_workers_act(hold_jobs: HoldJobs) -> None:
    contoso = factories.organization()
    people = [factories.person(contoso) for _ in range(4)]
    for person in people:
        hold_jobs.queue(person.pk, "letter")

    def flip(person: PrintUser) -> None:
        mine = PrintUser.objects.get(pk=person.pk)
        for _ in range(8):
            leaving.suspend(mine, by=BY)
            leaving.reactivate(mine, by=BY)
        leaving.suspend(mine, by=BY)

    errors = at_once(
        *[lambda person=person: flip(person) for person in people],
        *[lambda: [perform_due() for _ in range(25)] for _ in range(3)],
    )
    # What was postponed because another attempt was still running.
    DeprovisionStep.objects.filter(state=StepState.PENDING, attempts__gt=0).update(due_at="2020-01-01T00:00Z")
    perform_due()

    assert errors == []
    assert {key: jobs for key, jobs in hold_jobs.held.items() if jobs} == {
        str(person.pk): {"letter"} for person in people
    }
    assert not any(hold_jobs.waiting.values())


def test_suspended_eight_times_at_once_is_one_run() -> None:
    ada = factories.person(factories.organization())

    errors = at_once(*[lambda: leaving.suspend(PrintUser.objects.get(pk=ada.pk), by=BY) for _ in range(8)])

    assert errors == []
    assert ada.runs.count() == 1


def test_two_owners_leaving_at_once_leave_one() -> None:
    contoso = factories.organization()
    factories.administrator(contoso, Role.OWNER)
    current_policy(contoso)  # made by the first leaving, for which the second would wait
    first, second = (factories.person(contoso, owner.account.email) for owner in contoso.administrators.all())

    with transaction.atomic():
        leaving.remove(first, by=BY)
        other = Thread(target=in_thread, args=(lambda: leaving.remove(second, by=BY),))
        other.start()
        other.join(0.5)  # it waits, or it has decided without us
    other.join()

    assert contoso.administrators.active().filter(role=Role.OWNER).count() == 1
    second.refresh_from_db()
    assert second.is_gone


def test_coming_back_waits_for_a_worker_that_records_an_attempt(hold_jobs: HoldJobs) -> None:
    run = factories.leaver(factories.organization())
    perform_due()
    errors: list[Exception] = []

    with transaction.atomic():
        # As a worker does: the run first, then the step.
        DeprovisionRun.objects.select_for_update(no_key=True).get(pk=run.pk)
        back = Thread(target=in_thread, args=(lambda: leaving.reactivate(run.person, by=BY), errors))
        back.start()
        back.join(0.5)
        run.steps.filter(name=hold_jobs.name).update(error="")
    back.join()

    assert errors == []
    run.refresh_from_db()
    assert run.state == RunState.UNDONE


def test_person_restored_after_the_wipe_was_claimed_keeps_the_cards(monkeypatch: pytest.MonkeyPatch) -> None:
    ada = equipped(factories.organization())
    removal = leaving.remove(ada.person, by=BY)
    claimed, restoring = Event(), Event()

    def lock_late(person: PrintUser) -> None:
        claimed.set()
        assert restoring.wait(60)
        lock_person(person)

    with time_machine.travel(leaving.grace_until(removal) - timedelta(seconds=1), tick=False) as clock:
        perform_due()  # all but the wipe
        clock.shift(timedelta(seconds=1))
        monkeypatch.setattr(performing, "lock_person", lock_late)
        worker = Thread(target=in_thread, args=(perform_due,))
        worker.start()
        assert claimed.wait(60)
        clock.shift(-timedelta(seconds=1))  # this host's clock is a little behind
        with transaction.atomic():
            leaving.restore(ada.person, by=BY)
            restoring.set()
            worker.join(0.5)  # it waits for the person
        worker.join()

    assert ada.opens() == {"card", "pin"}
    assert removal.steps.get(name="wipe-credentials").state == StepState.SUPERSEDED
