"""Many people leave at once: SCIM over HTTP, two workers, a real cupsd, a mail server, and the decision."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from demo.cupsd import STUCK_DEVICE, PrivateCups
from printmgmt.bulk.models import OperationState
from printmgmt.deprovisioning.breaker.batches import irreversible_names
from printmgmt.deprovisioning.models import (
    BreakerBatch,
    DeprovisionRun,
    DeprovisionStep,
    RunState,
    StepState,
    WaitingJobs,
)
from printmgmt.deprovisioning.policy import change_policy
from printmgmt.organizations.models import Organization
from printmgmt.people.credentials import set_card
from printmgmt.people.models import Credential, PersonState, PrintUser
from printmgmt.printing.models import JobState
from printmgmt.services import commands, process
from tests import factories
from tests.conftest import Worker
from tests.due import sweep_all
from tests.mail_server import MailServer
from tests.printmgmt.printing import equipment
from tests.scim_sync.client import DISABLE, ENABLE, Answer, HttpScim, op

LIMIT = 5
"""How many people may leave within an hour without a decision."""

LEAVERS = LIMIT + 3
CLIENTS = 8

pytestmark = pytest.mark.skipif(
    connection.settings_dict["ENGINE"].endswith("sqlite3"), reason="races are proven on PostgreSQL"
)


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with MailServer() as started:
        yield started


@pytest.fixture
def workers(
    http_scim: HttpScim, child_environment: dict[str, str], tmp_path: Path, mail_server: MailServer
) -> Iterator[list[Worker]]:
    """Two workers that sweep every second."""
    environment = {
        **child_environment,
        "SWEEP_SECONDS": "1",
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_server.port}",
    }
    started = [Worker(commands.worker(), environment, tmp_path / f"worker{number}.log") for number in (1, 2)]
    try:
        for worker in started:
            worker.start()
        yield started
    finally:
        for worker in started:
            worker.stop()


@pytest.fixture
def front(contoso: Organization, cups: PrivateCups) -> PrivateCups:
    """Contoso's print server with one queue, in which jobs wait."""
    cups.add_queue("front", device=STUCK_DEVICE, stopped=True)
    equipment.printer(equipment.operated(contoso, cups), "front")
    return cups


@pytest.fixture(autouse=True)
def _limit(contoso: Organization, fabrikam: Organization) -> None:
    for organization in (contoso, fabrikam):
        change_policy(organization, {"breaker_people": LIMIT}, by=factories.TESTER)


def at_once(calls: list[Callable[[], Answer]]) -> set[int]:
    """Make the calls as near to one another as threads allow; return the statuses of the answers."""
    with ThreadPoolExecutor(CLIENTS) as pool:
        return {answer.status for answer in pool.map(lambda call: call(), calls)}


def pushed(scim: HttpScim, number: int) -> dict[str, str]:
    """So many people, by their name the id in SCIM."""
    names = [f"person{each}@{scim.base[-6:]}.example" for each in range(number)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        return dict(zip(names, (answer.id for answer in pool.map(scim.create, names)), strict=True))


def leaving(scim: HttpScim, ids: list[str]) -> list[Callable[[], Answer]]:
    """Every other one is disabled, the others are deleted."""
    return [
        (lambda pk=pk: scim.delete(pk)) if number % 2 else (lambda pk=pk: scim.patch(pk, DISABLE))  # type: ignore[misc]
        for number, pk in enumerate(ids)
    ]


def within(condition: Callable[[], bool], workers: list[Worker], seconds: float = 60) -> None:
    """Wait until a condition holds; fails with what the workers wrote."""
    if not process.wait_until(condition, timeout=seconds, interval=0.2):
        pytest.fail("\n".join(worker.text()[-3000:] for worker in workers))


def all_judged() -> bool:
    return not DeprovisionRun.objects.filter(judged_at=None).exists()


def nothing_immediate_left() -> bool:
    """Whether workers have judged everyone and done what waits for no decision."""
    due = DeprovisionStep.objects.filter(state__in=(StepState.PENDING, StepState.UNDOING), immediate=True)
    return all_judged() and not due.exclude(name="notify-administrators").exists()


def states_on(cups: PrivateCups, jobs: list[int]) -> set[tuple[object, object]]:
    """The states of those of the jobs that the server still has."""
    return {(job["job-state"], job["job-hold-until"]) for job in cups.jobs("front") if job["job-id"] in jobs}


def irreversible(**of_runs: object) -> set[str]:
    """The states of the steps that cannot be undone, of all runs or of some."""
    steps = DeprovisionStep.objects.filter(name__in=irreversible_names())
    runs = DeprovisionRun.objects.filter(**of_runs)
    return set(steps.filter(run__in=runs).values_list("state", flat=True))


def about_the_wave(server: MailServer) -> list[str]:
    return [str(mail["Subject"]) for _to, mail in server.taken if "at once" in str(mail["Subject"])]


def test_the_limit_may_leave_and_one_more_may_not_and_organizations_do_not_add_up(
    http_scim: HttpScim, contoso: Organization, fabrikam: Organization, workers: list[Worker]
) -> None:
    other: HttpScim = HttpScim.of(factories.installed(fabrikam))  # type: ignore[assignment]
    people, others = list(pushed(http_scim, LIMIT + 1).values()), list(pushed(other, LIMIT).values())
    for number, pk in enumerate(people):
        renamed = http_scim.patch(pk, op("Replace", "userName", f"renamed{number}@contoso.example"))
        gone, back = http_scim.patch(pk, DISABLE), http_scim.patch(pk, ENABLE)
        assert (renamed.status, gone.status, back.status) == (200, 200, 200)
    within(all_judged, workers)
    assert not BreakerBatch.objects.exists()

    assert at_once([*leaving(http_scim, people[:LIMIT]), *leaving(other, others)]) <= {200, 204}
    within(all_judged, workers)
    assert not BreakerBatch.objects.exists()

    assert http_scim.delete(people[LIMIT]).status == 204
    within(all_judged, workers)
    batch = BreakerBatch.objects.get()
    assert (batch.organization, batch.leavers, batch.limit) == (contoso, LIMIT + 1, LIMIT)
    assert batch.runs.count() == LIMIT + 1
    assert not fabrikam.runs.exclude(batch=None).exists()


@pytest.mark.parametrize("decision", ["approve", "restore"])
def test_a_wave_is_cut_at_once_and_waits_for_a_decision(
    http_scim: HttpScim,
    contoso: Organization,
    front: PrivateCups,
    workers: list[Worker],
    mail_server: MailServer,
    decision: str,
) -> None:
    by_name = pushed(http_scim, LEAVERS + 1)
    people = PrintUser.objects.filter(pk__in=by_name.values())
    for number, person in enumerate(people):
        set_card(person, f"04A1{number:04}", by=factories.TESTER)
    jobs = [front.submit("front", name) for name in by_name]
    *ids, late = by_name.values()

    statuses = at_once(leaving(http_scim, ids))
    gone = people.exclude(state=PersonState.ACTIVE)
    cards = Credential.objects.filter(person__in=gone, disabled_at=None, revoked_at=None)
    assert (statuses, gone.count(), cards.count()) == ({200, 204}, LEAVERS, 0)

    # What was held is held, and the dates of what destroys pass: it still waits.
    within(nothing_immediate_left, workers)
    holds = DeprovisionStep.objects.filter(name="hold-jobs", run__person__in=ids)
    noted = [(step.state, step.error, step.evidence) for step in holds if not step.evidence.get("held")]
    assert states_on(front, jobs[:-1]) == {(JobState.HELD, "indefinite")}, noted
    DeprovisionStep.objects.update(due_at=timezone.now())
    sweep_all()
    assert irreversible() == {StepState.WAITING}
    assert states_on(front, jobs[:-1]) == {(JobState.HELD, "indefinite")}
    assert states_on(front, jobs[-1:]) == {(JobState.PENDING, "no-hold")}

    # One more while the batch is open is in it, and nobody gets a second mail.
    assert http_scim.delete(late).status == 204
    within(nothing_immediate_left, workers)
    batch = BreakerBatch.objects.get()
    assert batch.runs.count() == LEAVERS + 1
    assert irreversible() == {StepState.WAITING}
    browser = factories.signed_in(contoso)
    assert "Many people left at once." in browser.get(page(contoso, "dashboard")).content.decode()
    within(lambda: len(about_the_wave(mail_server)) == 1, workers)

    decide(browser, contoso, batch, decision)
    within(lambda: operation_is_over(batch) and nothing_immediate_left(), workers)
    assert f"{LEAVERS + 1} of {LEAVERS + 1}" in page_of_progress(browser, contoso, batch)
    if decision == "approve":
        within(lambda: irreversible(person__in=ids) == {StepState.DONE}, workers)
        # Deleted with their documents; of the one who left last nothing is due yet.
        assert [job["job-id"] for job in front.jobs("front")] == jobs[-1:]
        assert irreversible(person=late) == {StepState.PENDING}
        assert contoso.runs.filter(state=RunState.FINISHED).count() == LEAVERS
    else:
        assert states_on(front, jobs) == {(JobState.PENDING, "no-hold")}
        assert people.exclude(state=PersonState.ACTIVE).count() == 0
        assert Credential.objects.filter(person__in=people, disabled_at=None).count() == LEAVERS + 1
        assert contoso.runs.exclude(state=RunState.UNDONE).count() == 0
    assert len(about_the_wave(mail_server)) == 1


def test_under_cancel_at_once_no_more_than_the_limit_lose_their_jobs(
    http_scim: HttpScim, contoso: Organization, front: PrivateCups, workers: list[Worker]
) -> None:
    change_policy(contoso, {"waiting_jobs": WaitingJobs.PURGE}, by=factories.TESTER)
    by_name = pushed(http_scim, LEAVERS)
    jobs = [front.submit("front", name) for name in by_name]

    assert at_once(leaving(http_scim, list(by_name.values()))) == {200, 204}

    within(lambda: BreakerBatch.objects.exists() and nothing_immediate_left(), workers)
    waiting = DeprovisionStep.objects.filter(name="cancel-jobs", state=StepState.WAITING).count()
    left = [job["job-id"] for job in front.jobs("front")]
    assert set(left) <= set(jobs)
    assert LEAVERS - LIMIT <= waiting == len(left)


def page(of: Organization, view: str, **more: object) -> str:
    return reverse(f"console:{view}", kwargs={"organization": of.slug, **more})


def decide(browser: Client, of: Organization, batch: BreakerBatch, decision: str) -> None:
    answer = browser.post(
        page(of, f"batch_{decision}", batch=batch.pk), {"reason": "A wrong filter"}, follow=True
    )
    assert answer.status_code == 200


def operation_is_over(batch: BreakerBatch) -> bool:
    batch.refresh_from_db()
    return batch.operation is not None and batch.operation.state == OperationState.FINISHED


def page_of_progress(browser: Client, of: Organization, batch: BreakerBatch) -> str:
    assert batch.operation is not None
    html = browser.get(page(of, "bulk", operation=batch.operation.pk)).content.decode()
    return " ".join(html.split())
