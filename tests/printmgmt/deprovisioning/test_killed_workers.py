"""A Celery worker is killed at each point of a step on a real cupsd: the next one settles the run as if not.

With a real broker and database. What a step does to one job at a time, in one process, is in `steps/`.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from django.utils import timezone

from demo.cupsd import STUCK_DEVICE, PrivateCups
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.models import DeprovisionRun, DeprovisionStep, StepState, WaitingJobs
from printmgmt.deprovisioning.policy import change_policy
from printmgmt.printing.models import JobState, PrinterState, PrintJob, ServerRound
from printmgmt.services import commands, process
from tests import factories
from tests.conftest import Worker
from tests.printmgmt.deprovisioning.killed import BEFORE, BETWEEN, POINTS
from tests.printmgmt.deprovisioning.steps.conftest import ADA, audited, shown
from tests.printmgmt.printing import equipment

pytestmark = pytest.mark.django_db(transaction=True)

SECONDS: Final = 120
BY = factories.TESTER

# The request at which a worker ends, the policy, and the audit's verb for what was asked.
EFFECTS: Final = {
    "hold": (WaitingJobs.HOLD, "job.held"),
    "cancel": (WaitingJobs.PURGE, "job.canceled"),
    "move": (WaitingJobs.MOVE, "job.moved"),
    "release": (WaitingJobs.HOLD, "job.released"),
}
SHORT: Final = (("hold", BETWEEN), ("cancel", BETWEEN))

Kills = Callable[[str, str], None]


@pytest.fixture
def kills(child_environment: dict[str, str], tmp_path: Path) -> Kills:
    """Have one worker after the other until the step is done; the first one is killed at a point."""

    def kills(call: str, when: str) -> None:
        file = tmp_path / f"{call} {when}"
        arguments = commands.worker()[commands.worker().index("worker") :]
        program = "tests.printmgmt.deprovisioning.killed"
        command = [commands.worker()[0], "-m", program, f"{call}:{when}", str(file), *arguments]
        environment = {
            **child_environment,
            "SWEEP_SECONDS": "1",
            "PRINT_JOBS_SECONDS": "3600",
        }
        first = Worker(command, environment, tmp_path / "first.log")
        # It may be killed before it says that it is ready.
        first.start(lambda: file.exists() or "ready." in first.text())
        try:
            assert process.wait_until(file.exists, timeout=SECONDS, interval=0.2), first.text()[-3000:]
        finally:
            first.kill()
        # Their leases would be over in a minute.
        for rows in (DeprovisionStep.objects, ServerRound.objects):
            rows.filter(lease_until__isnull=False).update(lease_until=timezone.now())
        second = Worker(command, environment, tmp_path / "second.log")
        second.start()
        try:
            assert process.wait_until(is_all_done, timeout=SECONDS, interval=0.2), second.text()[-3000:]
        finally:
            second.stop()

    return kills


def is_all_done() -> bool:
    due = DeprovisionStep.objects.filter(state__in=[StepState.PENDING, StepState.UNDOING])
    return not due.filter(due_at__lte=timezone.now()).exists()


@pytest.mark.parametrize(
    ("call", "when"),
    [
        pytest.param(call, when, marks=[] if (call, when) in SHORT else pytest.mark.proof)
        for call in EFFECTS
        for when in POINTS
    ],
)
def test_a_killed_worker_leaves_nothing_undone_and_nothing_done_twice(
    call: str, when: str, cups: PrivateCups, kills: Kills
) -> None:
    policy, verb = EFFECTS[call]
    contoso = factories.organization("Contoso")
    cups.add_queue("front", device=STUCK_DEVICE, stopped=True)
    cups.add_queue("leavers", stopped=True)
    server = equipment.operated(contoso, cups)
    equipment.printer(server, "front")
    server.leavers_printer = equipment.printer(server, "leavers", state=PrinterState.STOPPED)
    server.save()
    change_policy(contoso, {"waiting_jobs": policy}, by=BY)
    ada = factories.person(contoso, ADA)
    jobs = [cups.submit("front", ADA) for _job in range(2)]
    bobs = cups.submit("front", "bob@contoso.example")
    run = leaving.suspend(ada, by=BY)
    assert run is not None
    if call == "release":
        kills("hold", BEFORE)
        leaving.reactivate(ada, by=BY)

    kills(call, when)

    assert sorted(audited(verb)) == jobs
    assert_evidence(run, call, jobs)
    assert shown(cups, bobs) == (JobState.PENDING, "no-hold")
    rows = {row.remote_id: row for row in PrintJob.objects.filter(remote_id__in=jobs)}
    held_by = {row.held_by_run for row in rows.values()}
    if call == "cancel":
        assert not any(cups.ipptool("Get-Job-Attributes", job=job, user=ADA).is_ok for job in jobs)
        assert ({row.state for row in rows.values()}, held_by) == ({JobState.CANCELED}, {None})
    elif call == "release":
        assert [shown(cups, job) for job in jobs] == [(JobState.PENDING, "no-hold")] * 2
        assert held_by == {None}
    else:
        assert [shown(cups, job) for job in jobs] == [(JobState.HELD, "indefinite")] * 2
        assert held_by == {run.pk}
        names = {row.printer.name for row in rows.values() if row.printer}
        assert names == ({"leavers"} if call == "move" else {"front"})


def assert_evidence(run: DeprovisionRun, call: str, jobs: list[int]) -> None:
    """Each job once, with the moment of its effect; steps done at once, none in need of attention."""
    name, key = ("cancel-jobs", "canceled") if call == "cancel" else ("hold-jobs", "held")
    step = run.steps.get(name=name)
    assert (step.state, step.error) == (StepState.UNDONE if call == "release" else StepState.DONE, "")
    entries = step.evidence[key]
    assert [entry["job"] for entry in entries] == jobs
    moment = {"hold": "at", "cancel": "at", "move": "moved", "release": "released"}[call]
    assert all(moment in entry for entry in entries), entries
