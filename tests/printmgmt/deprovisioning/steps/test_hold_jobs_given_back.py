"""What a leaving held is given back, on a real cupsd, when the person comes back."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from demo.cupsd import PrivateCups
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.merging import merge_people
from printmgmt.deprovisioning.models import StepState, Trigger
from printmgmt.people.models import PrintUser
from printmgmt.printing.ipp.jobs import JobCalls
from printmgmt.printing.models import PrintJob, PrintServer
from tests import factories
from tests.due import perform_due
from tests.printmgmt.deprovisioning.steps.conftest import ADA, TONIGHT, Killed, audited, shown, step_of

BY = factories.TESTER


def test_coming_back_gives_everything_back_as_it_was(
    cups: PrivateCups, server: PrintServer, ada: PrintUser
) -> None:
    pending = cups.submit("front", ADA)
    tonight = cups.submit("front", ADA, hold=TONIGHT)
    own = cups.submit("front", ADA, hold="indefinite")
    run = factories.leaver(server.organization, who=ada)
    perform_due(run_id=run.pk)

    leaving.reactivate(ada, by=BY)
    perform_due()

    assert [shown(cups, job) for job in (pending, tonight, own)] == [
        (3, "no-hold"),
        (4, TONIGHT),
        (4, "indefinite"),
    ]
    assert step_of(run).state == StepState.UNDONE
    assert not PrintJob.objects.filter(held_at__isnull=False).exists()


def test_whoever_released_it_meanwhile_decided_otherwise(
    cups: PrivateCups, server: PrintServer, ada: PrintUser
) -> None:
    """The owner may, under the stock policy; held again by them, it is theirs."""
    job = cups.submit("front", ADA)
    run = factories.leaver(server.organization, who=ada)
    perform_due(run_id=run.pk)
    PrintJob.objects.filter(remote_id=job).update(
        held_by_run=None, held_by_step="", held_by="Help desk", hold_until_before=""
    )

    leaving.reactivate(ada, by=BY)
    perform_due()

    assert shown(cups, job) == (4, "indefinite")
    assert "not_released" in step_of(run).evidence["held"][0]


@pytest.mark.usefixtures("open_queues")
def test_removed_after_suspended_all_is_given_back(
    cups: PrivateCups, server: PrintServer, ada: PrintUser
) -> None:
    first = cups.submit("front", ADA)
    suspension = factories.leaver(server.organization, who=ada)
    perform_due(run_id=suspension.pk)
    second = cups.submit("front", ADA, hold=TONIGHT)
    cups.ipptool("Release-Job", job=first, user=ADA)
    removal = factories.leaver(server.organization, Trigger.REMOVED, who=ada)
    perform_due(run_id=removal.pk)
    assert [shown(cups, job) for job in (first, second)] == [(4, "indefinite")] * 2

    leaving.restore(ada, by=BY)
    perform_due()

    assert [shown(cups, job) for job in (first, second)] == [(3, "no-hold"), (4, TONIGHT)]
    assert not PrintJob.objects.filter(held_at__isnull=False).exists()


def test_back_as_another_row_the_jobs_are_given_back(
    cups: PrivateCups, server: PrintServer, ada: PrintUser
) -> None:
    """The directory made a new person, with whom the one who was removed is merged."""
    job = cups.submit("front", ADA)
    run = factories.leaver(server.organization, Trigger.REMOVED, who=ada)
    perform_due(run_id=run.pk)
    again = factories.person(server.organization, "ada.king@contoso.example")

    merge_people(again, ada, by=BY)
    perform_due()

    assert (step_of(run).state, shown(cups, job)) == (StepState.UNDONE, (3, "no-hold"))


def test_gone_again_as_another_row_the_jobs_stay_held(
    cups: PrivateCups, server: PrintServer, ada: PrintUser
) -> None:
    """Whatever is performed first, the undo of the one leaving or the steps of the other."""
    job = cups.submit("front", ADA)
    run = factories.leaver(server.organization, Trigger.REMOVED, who=ada)
    perform_due(run_id=run.pk)
    again = factories.person(server.organization, "ada.king@contoso.example")
    merge_people(again, ada, by=BY)
    second = factories.leaver(server.organization, who=again)

    perform_due()

    assert shown(cups, job) == (4, "indefinite")
    assert PrintJob.objects.get(remote_id=job).held_by_run == second.pk
    leaving.reactivate(again, by=BY)
    perform_due()
    assert shown(cups, job) == (3, "no-hold")


def test_whoever_comes_back_meanwhile_keeps_their_jobs(
    cups: PrivateCups, server: PrintServer, ada: PrintUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between one job and the next: the first is given back, the second is not touched."""
    first, second = cups.submit("front", ADA), cups.submit("front", ADA)
    run = factories.leaver(server.organization, who=ada)
    hold, held = JobCalls.hold, []

    def come_back(self: Any, number: int, *args: Any) -> None:
        hold(self, number, *args)
        held.append(number)
        leaving.reactivate(ada, by=BY)

    with monkeypatch.context() as patch:
        patch.setattr(JobCalls, "hold", come_back)
        perform_due(run_id=run.pk)
    perform_due()

    assert held == [first]
    assert [shown(cups, job) for job in (first, second)] == [(3, "no-hold")] * 2
    assert step_of(run).state == StepState.UNDONE


@pytest.mark.parametrize("dies", ["before Release-Job", "after Release-Job"])
def test_a_worker_that_dies_while_releasing_loses_nothing(
    dies: str, cups: PrivateCups, server: PrintServer, ada: PrintUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = cups.submit("front", ADA)
    run = factories.leaver(server.organization, who=ada)
    perform_due(run_id=run.pk)
    leaving.reactivate(ada, by=BY)
    release = JobCalls.release

    def die(self: Any, *args: Any) -> None:
        if dies == "after Release-Job":
            release(self, *args)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(JobCalls, "release", die)
        with pytest.raises(Killed):
            perform_due(run_id=run.pk)
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        perform_due()

    assert (step_of(run).state, shown(cups, job)[0]) == (StepState.UNDONE, 3)
    (entry,) = step_of(run).evidence["held"]
    assert entry.keys() & {"released", "not_released"} == {"released"}
    assert audited("job.released") == [job]
    assert not PrintJob.objects.filter(held_at__isnull=False).exists()
