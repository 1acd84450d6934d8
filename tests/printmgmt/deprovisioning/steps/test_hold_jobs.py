"""The jobs of a leaver on a real cupsd: submitted with lp, held, given back, and judged by ipptool."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from demo.cupsd import STUCK_DEVICE, PrivateCups
from printmgmt.audit.models import AuditEvent
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.models import DeprovisionStep, RunState, StepState
from printmgmt.deprovisioning.retrying import retry_steps
from printmgmt.deprovisioning.steps import step_words
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintAlias, PrintUser
from printmgmt.people.names import name_key
from printmgmt.printing.ipp.errors import NotNow, WrongLogin
from printmgmt.printing.ipp.jobs import JobCalls
from printmgmt.printing.ipp.operations import Operation
from printmgmt.printing.ipp.transport import Transport
from printmgmt.printing.leavers import open_jobs as readings
from printmgmt.printing.models import PrintJob, PrintServer
from printmgmt.printing.rounds.kind import Rounds
from printmgmt.printing.servers.adding import order_round
from printmgmt.printing.servers.connecting import BOX, client_for
from printmgmt.printing.servers.findings.holds import BLOCK
from printmgmt.printing.servers.pausing import pause_server, remove_server
from printmgmt.printing.servers.probe.probing import probe_server
from printmgmt.work.runner import perform_due as perform
from tests import factories
from tests.due import perform_due
from tests.printmgmt.deprovisioning.steps.conftest import ADA, TONIGHT, Killed, audited, shown, step_of
from tests.printmgmt.printing import equipment
from tests.printmgmt.printing.bad_servers import offline_server

BY = factories.TESTER


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> list[Operation]:
    """The requests that are sent from now on."""
    sent: list[Operation] = []
    send = Transport.send

    def counting(self: Transport, operation: Operation, *args: Any, **options: Any) -> Any:
        sent.append(operation)
        return send(self, operation, *args, **options)

    monkeypatch.setattr(Transport, "send", counting)
    return sent


def test_what_waits_is_held_and_what_would_print_by_itself_too(
    cups: PrivateCups, server: PrintServer, ada: PrintUser
) -> None:
    pending = cups.submit("front", ADA, title="Notice of termination")
    tonight = cups.submit("front", ADA, hold=TONIGHT)
    own = cups.submit("front", ADA, hold="indefinite")
    bobs = cups.submit("front", "bob@contoso.example")

    run = factories.leaver(server.organization, who=ada)
    perform_due(run_id=run.pk)

    assert [shown(cups, job) for job in (pending, tonight, own)] == [(4, "indefinite")] * 3
    assert shown(cups, bobs) == (3, "no-hold")
    step = step_of(run)
    assert (step.state, step.error) == (StepState.DONE, "")
    assert [(entry["job"], entry["until"]) for entry in step.evidence["held"]] == [
        (pending, "no-hold"),
        (tonight, TONIGHT),
    ]
    assert [entry["job"] for entry in step.evidence["already_held"]] == [own]
    rows = {row.remote_id: row for row in PrintJob.objects.filter(server=server)}
    assert rows.keys() == {pending, tonight, own}
    assert (rows[tonight].held_by_run, rows[tonight].held_by_step) == (run.pk, "hold-jobs")
    assert (rows[tonight].hold_until_before, rows[tonight].person) == (TONIGHT, ada)
    assert rows[own].held_by_run is None
    assert AuditEvent.objects.filter(verb="job.held").count() == 2
    assert "Notice" not in str(step.evidence) + str(
        list(AuditEvent.objects.values_list("details", flat=True))
    )
    assert step_words("hold-jobs", step.evidence)


def test_another_workers_look_at_a_newer_job_hides_no_older_one(
    cups: PrivateCups, server: PrintServer, ada: PrintUser
) -> None:
    """No round has seen either job: the row of the newer one says nothing about what waits before it."""
    bob = factories.person(server.organization, "bob@contoso.example")
    older, newer = cups.submit("front", ADA), cups.submit("front", bob.user_name)
    first, second = (factories.leaver(server.organization, who=person) for person in (bob, ada))

    perform_due(run_id=first.pk)
    readings._shelves.clear()  # as in another worker, or half a minute later
    perform_due(run_id=second.pk)

    assert [shown(cups, job) for job in (newer, older)] == [(4, "indefinite")] * 2
    assert [entry["job"] for entry in step_of(second).evidence["held"]] == [older]


def test_a_job_that_prints_may_finish(cups: PrivateCups, server: PrintServer, ada: PrintUser) -> None:
    cups.add_queue("busy", device=STUCK_DEVICE)
    job = cups.submit("busy", ADA)
    while shown(cups, job)[0] != 5:
        pass

    run = factories.leaver(server.organization, who=ada)
    perform_due(run_id=run.pk)

    assert shown(cups, job)[0] == 5
    step = step_of(run)
    assert step.state == StepState.DONE
    assert [entry["job"] for entry in step.evidence["printing"]] == [job]
    assert "held" not in step.evidence


def test_every_doubt_is_left_alone_and_counted(
    cups: PrivateCups, server: PrintServer, ada: PrintUser
) -> None:
    """A name two people have, two owners in one job, a name that only looks like theirs."""
    Organization.objects.filter(pk=server.organization_id).update(match_local_part=False)
    server.organization.refresh_from_db()
    forged = cups.ipptool(
        "Create-Job",
        "name job-originating-user-name ada@contoso.example",
        "GROUP job-attributes-tag",
        "keyword job-hold-until no-hold",
        queue="front",
        user="mallory",
    )
    assert forged.is_ok
    local = cups.submit("front", "ada")
    shared = cups.submit("front", "CONTOSO\\ada")
    longer = cups.submit("front", "ada@contoso.example.org")
    for person in (ada, factories.person(server.organization, "adam@contoso.example")):
        PrintAlias.objects.create(
            organization=server.organization,
            person=person,
            value="CONTOSO\\ada",
            value_key=name_key("CONTOSO\\ada"),
            valid_from=timezone.now() - timedelta(days=1),
        )

    run = factories.leaver(server.organization, who=ada)
    perform_due(run_id=run.pk)

    assert [shown(cups, job)[0] for job in (local, shared, longer)] == [3, 3, 3]
    step = step_of(run)
    assert step.state == StepState.DONE
    assert step.evidence["doubts"] == {"forged": 1, "unknown": 1, "ambiguous": 1}
    # What was looked at, the three doubts, and that nobody has tested whether this server believes names.
    assert len(step_words("hold-jobs", step.evidence)) == 5


def test_a_job_under_a_former_name_is_theirs_while_nobody_else_has_it(
    cups: PrivateCups, server: PrintServer, ada: PrintUser
) -> None:
    job = cups.submit("front", "ada.byron@contoso.example")
    PrintAlias.objects.create(
        organization=server.organization,
        person=ada,
        value="ada.byron@contoso.example",
        value_key="ada.byron@contoso.example",
        valid_from=timezone.now() - timedelta(days=9),
        valid_until=timezone.now() + timedelta(seconds=5),
    )

    run = factories.leaver(server.organization, who=ada)
    perform_due(run_id=run.pk)

    assert shown(cups, job) == (4, "indefinite")


def test_the_local_part_counts_where_the_organization_says_so(
    cups: PrivateCups, server: PrintServer, ada: PrintUser
) -> None:
    job = cups.submit("front", "ADA")

    run = factories.leaver(server.organization, who=ada)
    perform_due(run_id=run.pk)

    assert shown(cups, job) == (4, "indefinite")


def test_two_organizations_on_one_server_hold_only_their_own(
    cups: PrivateCups, server: PrintServer, ada: PrintUser
) -> None:
    fabrikam = factories.organization("Fabrikam")
    equipment.operated(fabrikam, cups, name="Shared")
    factories.person(fabrikam, "ada@fabrikam.example")
    theirs = cups.submit("front", "ada@fabrikam.example")
    ours = cups.submit("front", ADA)

    run = factories.leaver(server.organization, who=ada)
    perform_due(run_id=run.pk)

    assert (shown(cups, ours)[0], shown(cups, theirs)[0]) == (4, 3)
    assert run.steps.filter(name="hold-jobs").count() == 1


def test_a_server_that_counts_from_1_again_is_read_first(
    own_cups: PrivateCups, contoso: Organization, ada: PrintUser
) -> None:
    own_cups.add_queue("front", device=STUCK_DEVICE, stopped=True)
    server = equipment.operated(contoso, own_cups)
    front = equipment.printer(server, "front")
    order_round(server)
    yesterday = timezone.now() - timedelta(days=1)
    equipment.print_job(front, remote_id=1, submitted_at=yesterday, seen_at=yesterday)
    job = own_cups.submit("front", ADA)
    assert job == 1

    run = factories.leaver(contoso, who=ada)
    perform_due(run_id=run.pk)
    assert (step_of(run).state, shown(own_cups, job)[0]) == (StepState.PENDING, 3)

    perform(Rounds())
    DeprovisionStep.objects.filter(pk=step_of(run).pk).update(due_at=timezone.now())
    perform_due(run_id=run.pk)
    assert (step_of(run).state, shown(own_cups, job)) == (StepState.DONE, (4, "indefinite"))
    assert PrintJob.objects.get(remote_id=job, held_at__isnull=False).generation == 2


def test_a_hold_that_its_owner_undid_is_renewed_by_the_next_round(
    cups: PrivateCups, server: PrintServer, ada: PrintUser
) -> None:
    job = cups.submit("front", ADA)
    run = factories.leaver(server.organization, who=ada)
    perform_due(run_id=run.pk)
    assert cups.ipptool("Release-Job", job=job, user=ADA).is_ok
    PrintJob.objects.update(seen_at=timezone.now() - timedelta(minutes=1))

    order_round(server)
    perform(Rounds())

    assert shown(cups, job) == (4, "indefinite")
    leaving.reactivate(ada, by=BY)
    perform_due()
    assert shown(cups, job) == (3, "no-hold")


def test_a_server_that_is_away_is_asked_again_later(
    own_cups: PrivateCups, contoso: Organization, ada: PrintUser
) -> None:
    own_cups.add_queue("front", device=STUCK_DEVICE, stopped=True)
    equipment.operated(contoso, own_cups)
    job = own_cups.submit("front", ADA)
    own_cups.stop()

    run = factories.leaver(contoso, who=ada)
    perform_due(run_id=run.pk)
    step = step_of(run)
    assert (step.state, step.attempts, step.error) == (StepState.PENDING, 1, str(NotNow()))

    own_cups.start()
    step.due_at = timezone.now()
    step.save()
    readings._shelves.clear()  # as after some seconds
    perform_due(run_id=run.pk)
    assert (step_of(run).state, shown(own_cups, job)) == (StepState.DONE, (4, "indefinite"))


def test_a_server_that_is_away_is_called_once_for_many(
    contoso: Organization, cups: PrivateCups, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[PrintServer] = []
    monkeypatch.setattr(
        readings, "client_for", lambda server, **limits: calls.append(server) or client_for(server, **limits)
    )
    with offline_server() as away:
        secret = BOX.seal("x")
        equipment.print_server(contoso, uri=away.uri, user_name="operator", sealed_secret=secret)
        for number in range(5):
            factories.leaver(contoso, who=factories.person(contoso, f"leaver{number}"))
        perform_due()

    assert len(calls) == 1
    steps = DeprovisionStep.objects.filter(name="hold-jobs")
    assert {(step.state, step.error) for step in steps} == {(StepState.PENDING, str(NotNow()))}


def test_many_leavers_share_one_reading(
    cups: PrivateCups, server: PrintServer, requests: list[Operation]
) -> None:
    people = [factories.person(server.organization, f"leaver{number}") for number in range(20)]
    job = cups.submit("front", "leaver7")
    for person in people:
        factories.leaver(server.organization, who=person)
    with time_machine.travel(timezone.now() + timedelta(seconds=10)):
        perform_due()

    assert shown(cups, job) == (4, "indefinite")
    assert DeprovisionStep.objects.filter(name="hold-jobs", state=StepState.DONE).count() == 20
    # One page and an empty one for all, and one to see that nothing came since the job was held.
    assert requests.count(Operation.GET_JOBS) == 3
    assert requests.count(Operation.HOLD_JOB) == 1


def test_hidden_owners_need_attention(own_cups: PrivateCups, contoso: Organization, ada: PrintUser) -> None:
    own_cups.policy(JobPrivateAccess="all")
    own_cups.add_queue("front", device=STUCK_DEVICE, stopped=True)
    equipment.operated(contoso, own_cups)
    own_cups.submit("front", ADA)

    run = factories.leaver(contoso, who=ada)
    perform_due(run_id=run.pk)

    step = step_of(run)
    assert (step.state, step.evidence["hidden"]) == (StepState.ATTENTION, 1)
    assert "does not show who owns" in step.error


def test_a_wrong_login_needs_attention_and_is_tried_once(server: PrintServer, ada: PrintUser) -> None:
    PrintServer.objects.filter(pk=server.pk).update(sealed_secret=BOX.seal("wrong"))

    run = factories.leaver(server.organization, who=ada)
    perform_due(run_id=run.pk)

    step = step_of(run)
    assert (step.state, step.attempts, step.error) == (StepState.ATTENTION, 1, str(WrongLogin()))

    PrintServer.objects.filter(pk=server.pk).update(sealed_secret=server.sealed_secret)
    retry_steps(run, by=BY)
    perform_due(run_id=run.pk)
    assert step_of(run).state == StepState.DONE


@pytest.mark.parametrize(("change", "word"), [(pause_server, "paused"), (remove_server, "removed")])
def test_a_server_that_was_taken_away_is_left_alone(
    change: Any, word: str, cups: PrivateCups, server: PrintServer, ada: PrintUser
) -> None:
    job = cups.submit("front", ADA)
    run = factories.leaver(server.organization, who=ada)
    change(server, by=BY)
    perform_due(run_id=run.pk)

    step = step_of(run)
    assert (step.state, step.evidence) == (StepState.DONE, {"skipped": word})
    assert shown(cups, job)[0] == 3


def test_without_print_servers_nothing_is_left_to_do(contoso: Organization, ada: PrintUser) -> None:
    equipment.print_server(contoso, user_name="")

    run = factories.leaver(contoso, who=ada)

    states = run.steps.filter(name__in=["hold-jobs", "cancel-jobs"]).values_list("target_kind", "state")
    assert set(states) == {("none", StepState.DONE)}


@pytest.mark.parametrize("dies", ["before Hold-Job", "after Hold-Job"])
@pytest.mark.parametrize("comes_back", [False, True])
def test_a_worker_that_dies_in_the_middle_loses_nothing(
    dies: str,
    comes_back: bool,
    cups: PrivateCups,
    server: PrintServer,
    ada: PrintUser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    job = cups.submit("front", ADA, hold=TONIGHT)
    run = factories.leaver(server.organization, who=ada)
    hold = JobCalls.hold

    def die(self: Any, *args: Any) -> None:
        if dies == "after Hold-Job":
            hold(self, *args)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(JobCalls, "hold", die)
        with pytest.raises(Killed):
            perform_due(run_id=run.pk)
    assert [entry["until"] for entry in step_of(run).evidence["held"]] == [TONIGHT]
    if comes_back:
        leaving.reactivate(ada, by=BY)
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        perform_due()

    step = step_of(run)
    (entry,) = step.evidence["held"]
    if comes_back:
        assert (step.state, shown(cups, job)) == (StepState.UNDONE, (4, TONIGHT))
        assert not PrintJob.objects.filter(held_at__isnull=False).exists()
    else:
        assert (step.state, shown(cups, job)) == (StepState.DONE, (4, "indefinite"))
        row = PrintJob.objects.get(remote_id=job)
        assert (row.held_by_run, row.hold_until_before) == (run.pk, TONIGHT)
        assert entry.keys() >= {"at"}
        assert audited("job.held") == [job]


def test_stock_policy_needs_attention_only_if_something_is_held(
    own_cups: PrivateCups, contoso: Organization, ada: PrintUser
) -> None:
    """And the block, once the server is tested again, ends it for everyone."""
    own_cups.add_queue("front", device=STUCK_DEVICE, stopped=True)
    server = equipment.operated(contoso, own_cups)
    equipment.printer(server, "front")
    probe_server(server, by=BY)
    job = own_cups.submit("front", ADA)
    nothing = factories.leaver(contoso, who=factories.person(contoso, "bob"))
    run = factories.leaver(contoso, who=ada)
    perform_due()

    run.refresh_from_db()
    nothing.refresh_from_db()
    assert (nothing.state, run.state) == (RunState.SETTLED, RunState.ATTENTION)
    assert "others can release them" in step_of(run).error
    assert (step_of(run).evidence["holds"], shown(own_cups, job)) == ("open", (4, "indefinite"))

    own_cups.policy(BLOCK)
    probe_server(server, by=BY)
    perform_due()

    run.refresh_from_db()
    assert (run.state, step_of(run).evidence["holds"]) == (RunState.SETTLED, "stay")
    for operation in ("Release-Job", "Hold-Job", "CUPS-Authenticate-Job"):
        assert not own_cups.ipptool(operation, job=job, user=ADA).is_ok
    assert shown(own_cups, job) == (4, "indefinite")
