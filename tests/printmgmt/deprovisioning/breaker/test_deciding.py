"""Approving a batch, and restoring everyone."""

from datetime import timedelta

import pytest
import time_machine

from printmgmt.audit.models import AuditEvent
from printmgmt.bulk.models import ItemState
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.breaker.deciding import AlreadyDecided, approve, restore_all
from printmgmt.deprovisioning.models import BatchState, BreakerBatch, DeprovisionStep, RunState, StepState
from printmgmt.organizations.models import Organization
from printmgmt.people.credentials import set_card
from printmgmt.people.models import Credential, PrintUser
from tests import factories
from tests.due import perform_due
from tests.printmgmt.deprovisioning.breaker.waves import (
    BY,
    START,
    batch_of,
    carry_out,
    crowd,
    leave,
    opened,
    runs_by_state,
)

pytestmark = pytest.mark.django_db


def later(**span: int) -> time_machine.travel:
    return time_machine.travel(START + timedelta(**span), tick=False)


def reasons(batch: BreakerBatch) -> dict[str, str]:
    assert batch.operation is not None
    return dict(batch.operation.items.exclude(state=ItemState.DONE).values_list("reason", "state"))


def states(people: list[PrintUser]) -> list[str]:
    return [PrintUser.objects.get(pk=person.pk).state for person in people]


def test_approved_steps_are_performed_on_their_dates(contoso: Organization) -> None:
    leave(crowd(contoso, 200)[:25])
    with later(hours=1):
        approve(opened(contoso), by=BY)
        carry_out()
        perform_due()
    wipes = DeprovisionStep.objects.filter(name="wipe-credentials")
    assert set(wipes.values_list("state", flat=True)) == {StepState.PENDING}
    assert runs_by_state(contoso) == {RunState.SETTLED: 25}

    with later(days=8):
        perform_due()

    assert set(wipes.values_list("state", flat=True)) == {StepState.DONE}
    assert runs_by_state(contoso) == {RunState.FINISHED: 25}
    assert AuditEvent.objects.filter(verb="breaker.approved").count() == 1


def test_a_date_that_passed_while_waiting_is_now(contoso: Organization) -> None:
    leave(crowd(contoso, 200)[:25])
    with later(days=10):
        perform_due()
        approve(opened(contoso), by=BY)
        carry_out()
        perform_due()

    assert runs_by_state(contoso) == {RunState.FINISHED: 25}


def test_restoring_everyone_gives_back_what_the_leaving_took(contoso: Organization) -> None:
    people = crowd(contoso, 200)
    for number, person in enumerate(people[:25]):
        set_card(person, f"04A1{number:04}", by=BY)
    leave(people[:25])
    assert Credential.objects.exclude(disabled_at=None).count() == 25
    with later(hours=1):
        restore_all(opened(contoso), reason="Wrong scope", by=BY)
        carry_out()
        perform_due()

    assert set(states(people)) == {"active"}
    assert Credential.objects.exclude(disabled_at=None).count() == 0
    assert runs_by_state(contoso) == {RunState.UNDONE: 25}
    batch = BreakerBatch.objects.get()
    assert (batch.state, batch.reason, reasons(batch)) == (BatchState.RESTORED, "Wrong scope", {})


def test_who_cannot_be_restored_is_said_and_goes_on_waiting(contoso: Organization) -> None:
    people = crowd(contoso, 200)[:25]
    leave(people[:21])
    leave(people[21:], start=START + timedelta(minutes=30), how=lambda who: leaving.suspend(who, by=BY))
    with later(hours=1):
        leaving.restore(people[0], by=BY)  # back already
        leaving.block(people[24], by=BY)  # meant so
        taken = people[1].user_name
        factories.person(contoso, taken)
        batch = opened(contoso)
        restore_all(batch, reason="Wrong scope", by=BY)
        leaving.remove(people[23], by=BY)  # left again before their turn
        leaving.restore(people[2], by=BY)
        carry_out()

    assert reasons(batch) == {
        "Someone else has the user name now.": ItemState.FAILED,
        "Left again since.": ItemState.FAILED,
        "Blocked since. Unblock this person if they may print again.": ItemState.FAILED,
        "Back already.": ItemState.SKIPPED,
    }
    assert [one for one in states(people) if one != "active"] == ["removed", "removed", "suspended"]
    assert people[1].runs.get().state == RunState.WAITING


def test_a_removal_after_the_restore_period_stays(contoso: Organization) -> None:
    leave(crowd(contoso, 200)[:21])
    with later(days=8):
        batch = opened(contoso)
        restore_all(batch, reason="Late", by=BY)
        carry_out()

    assert set(reasons(batch)) == {"The restore period is over."}
    with later(days=8):
        # Nothing of it is lost yet, and someone may still approve.
        approve(batch, by=BY)
        carry_out()
    assert runs_by_state(contoso) == {RunState.SETTLED: 21}


def test_restoring_one_of_them_is_the_normal_restore(contoso: Organization) -> None:
    people = crowd(contoso, 200)[:25]
    leave(people)
    with later(hours=1):
        leaving.restore(people[3], by=BY)

    assert people[3].runs.get().state == RunState.UNDONE
    assert people[3].runs.get().steps.get(name="wipe-credentials").state == StepState.SUPERSEDED
    assert runs_by_state(contoso)[RunState.UNDONE] == 1


def test_a_decision_is_made_once(contoso: Organization) -> None:
    leave(crowd(contoso, 200)[:25])
    with later(hours=1):
        batch = opened(contoso)
        approve(batch, by=BY)
        with pytest.raises(AlreadyDecided):
            restore_all(BreakerBatch.objects.get(pk=batch.pk), reason="No", by=BY)
        carry_out()
        with pytest.raises(AlreadyDecided):
            approve(batch, by=BY)


def test_counting_begins_anew_after_a_decision(contoso: Organization) -> None:
    people = crowd(contoso, 200)
    leave(people[:25])
    with later(minutes=10):
        approve(opened(contoso), by=BY)
        carry_out()
    leave(people[25:45], start=START + timedelta(minutes=11))
    assert batch_of(contoso) is None

    leave(people[45:46], start=START + timedelta(minutes=20))

    assert opened(contoso).runs.count() == 21


def test_restoring_goes_on_after_a_worker_died(contoso: Organization) -> None:
    people = crowd(contoso, 200)[:25]
    leave(people)
    with later(hours=1):
        batch = opened(contoso)
        restore_all(batch, reason="Wrong scope", by=BY)
        for person in people[:7]:  # what a dead worker had done
            leaving.restore(person, by=BY)
        carry_out()
        carry_out()

    assert set(states(people)) == {"active"}
    assert all(person.runs.count() == 1 for person in people)
