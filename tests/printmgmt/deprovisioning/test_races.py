"""Leaving and coming back while workers act, on PostgreSQL: nobody waits for each other in a circle."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection

from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.models import DeprovisionStep, StepState
from printmgmt.deprovisioning.runner import perform_due
from printmgmt.organizations.roles import Role
from printmgmt.people.models import PrintUser
from tests import factories
from tests.printmgmt.deprovisioning.held_jobs import HoldJobs

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor == 'sqlite'", reason="races are proven on PostgreSQL"),
]
BY = factories.TESTER


def at_once(*works: Callable[[], object]) -> list[Exception]:
    """Run all at the same time in threads of their own; return what they raised."""
    together, errors = Barrier(len(works)), []

    def run(work: Callable[[], object]) -> None:
        together.wait()
        try:
            work()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

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
    DeprovisionStep.objects.filter(state=StepState.PENDING, deferrals__gt=0).update(
        due_at="2020-01-01T00:00Z"
    )
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
    for _ in range(5):
        contoso = factories.organization()
        factories.administrator(contoso, Role.OWNER)
        people = [factories.person(contoso, owner.account.email) for owner in contoso.administrators.all()]

        errors = at_once(*[lambda person=person: leaving.remove(person, by=BY) for person in people])

        assert errors == []
        assert contoso.administrators.active().filter(role=Role.OWNER).count() == 1
