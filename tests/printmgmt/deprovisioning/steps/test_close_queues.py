"""Queues closed to leavers on a real cupsd: lp is refused, and prints again once the person is back."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from demo.cupsd import PrivateCups
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.models import DeprovisionRun, DeprovisionStep, StepState
from printmgmt.deprovisioning.policy import change_policy
from printmgmt.deprovisioning.queue_lists import bring_up_to_date
from printmgmt.deprovisioning.steps import close_queues, step_words
from printmgmt.deprovisioning.steps.on_print_servers import acting
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintAlias, PrintUser
from printmgmt.people.names import name_key
from printmgmt.printing.ipp import forms
from printmgmt.printing.ipp.address import ServerAddress
from printmgmt.printing.ipp.client import Client
from printmgmt.printing.ipp.codec import Attribute, Group, Value
from printmgmt.printing.ipp.operations import Operation
from printmgmt.printing.ipp.values import Tag
from printmgmt.printing.models import PrintServer, QueueList, RefusedNames
from printmgmt.printing.queue_access.progress import begin
from printmgmt.printing.queue_access.rows import place_of
from printmgmt.printing.rounds import leases
from printmgmt.printing.rounds.leases import server_lease
from printmgmt.printing.servers.connecting import client_for
from printmgmt.printing.servers.pausing import pause_server, resume_server
from tests import factories
from tests.due import perform_due
from tests.printmgmt.deprovisioning.steps.conftest import ADA, Killed, step_of
from tests.printmgmt.deprovisioning.steps.lists import (
    CLOSE,
    allow,
    allowed,
    denied,
    is_refused,
)
from tests.printmgmt.printing import equipment

BY = factories.TESTER
AT = ("", "@contoso.example")


def test_lp_is_refused_under_each_name_until_the_person_is_back(
    cups: PrivateCups, server: PrintServer, ada: PrintUser
) -> None:
    cups.add_queue("back", stopped=True)
    with client_for(server) as client:
        client.set_access(client.queue("front"), denied=["mallory"])

    run = factories.leaver(server.organization, who=ada)
    perform_due(run_id=run.pk)

    step = step_of(run, CLOSE)
    assert (step.state, step.error) == (StepState.DONE, "")
    assert step.evidence["tried"] == {"queues": 2, "refused": 4, "accepted": 0, "unknown": 0}
    assert step.evidence["closed"]["after_ms"] >= 0
    assert "ada" not in str(step.evidence).lower()
    said = " ".join(step_words(CLOSE, step.evidence, who="Ada"))
    assert said.startswith(
        "New jobs under Ada's names are refused. This server believes the name a client states. "
    )
    erased = step_words(CLOSE, step.evidence, who="")
    assert erased[0].startswith("New jobs under this person's names are refused.")
    assert "2 names are refused by the lists, " in said
    assert "s after the request, at: back and front. Tried under" in said
    assert "Tried under these names: 4 empty jobs were refused." in said
    for queue in ("front", "back"):
        assert [is_refused(cups, name, queue) for name in (ADA, "ada", "ADA")] == [True] * 3
    assert not is_refused(cups, "adam@contoso.example")

    leaving.restore(ada, by=BY)
    perform_due(run_id=run.pk)

    step.refresh_from_db()
    assert (step.state, step.error) == (StepState.UNDONE, "")
    assert (denied(server), denied(server, "back")) == ({"mallory"}, set())
    assert not is_refused(cups, ADA)
    assert not QueueList.objects.exists()
    assert not RefusedNames.objects.exists()


def test_an_allowed_list_loses_the_name_and_gets_it_back(
    cups: PrivateCups, server: PrintServer, ada: PrintUser
) -> None:
    allow(server, "Ada", ADA)

    run = factories.leaver(server.organization, who=ada)
    perform_due(run_id=run.pk)

    assert step_of(run, CLOSE).state == StepState.DONE
    assert allowed(server) == {"-closed-"}
    assert is_refused(cups, ADA)

    leaving.restore(ada, by=BY)
    perform_due(run_id=run.pk)

    assert allowed(server) == {"Ada", ADA}
    assert not is_refused(cups, "ada")


def test_several_leavers_are_one_write_and_one_return_takes_back_one(
    server: PrintServer, ada: PrintUser, writes: list[str]
) -> None:
    people = [ada, *(factories.person(server.organization, f"p{n}@contoso.example") for n in range(4))]
    runs = [factories.leaver(server.organization, who=person) for person in people]

    perform_due()

    assert {step_of(run, CLOSE).state for run in runs} == {StepState.DONE}
    assert writes == ["front"]
    assert len(denied(server)) == 10

    leaving.restore(ada, by=BY)
    perform_due()

    assert denied(server) == {f"p{n}{end}" for n in range(4) for end in ("", "@contoso.example")}


def test_a_name_that_someone_else_has_stays_open_and_needs_attention(
    cups: PrivateCups, server: PrintServer, ada: PrintUser
) -> None:
    factories.person(server.organization, "ada@fabrikam.example")

    run = factories.leaver(server.organization, who=ada)
    perform_due(run_id=run.pk)

    step = step_of(run, CLOSE)
    assert step.state == StepState.ATTENTION
    assert step.evidence["not_listed"] == {"shared": 1}
    said = " ".join(step_words(CLOSE, step.evidence, who="Ada"))
    assert said.startswith("1 name is refused by the lists, ")
    assert "1 empty job was accepted all the same" in said
    assert denied(server) == {ADA}
    assert not is_refused(cups, "ada@fabrikam.example")


def test_a_policy_that_closes_nothing(server: PrintServer, ada: PrintUser) -> None:
    change_policy(server.organization, {"close_queues": False}, by=BY)

    run = factories.leaver(server.organization, who=ada)
    perform_due(run_id=run.pk)

    assert step_of(run, CLOSE).evidence == {"found": 0}
    assert denied(server) == set()


def test_a_worker_killed_between_row_and_write_leaves_nothing_unknown(
    server: PrintServer, ada: PrintUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_args: Any, **_options: Any) -> None:
        raise Killed

    run = factories.leaver(server.organization, who=ada)
    with monkeypatch.context() as dying:
        dying.setattr(Client, "_modify", killed)
        with pytest.raises(Killed):
            perform_due(run_id=run.pk)
    assert QueueList.objects.get().added == ["ada@contoso.example", "ada"]

    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        perform_due(run_id=run.pk)

    step = step_of(run, CLOSE)
    assert (step.state, "lost" in step.evidence) == (StepState.DONE, False)
    assert denied(server) == {"ada", ADA}


def test_a_sweep_without_time_goes_on_later_when_closing_and_when_opening(
    cups: PrivateCups, server: PrintServer, ada: PrintUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    cups.add_queue("back", stopped=True)
    run = factories.leaver(server.organization, who=ada)
    with monkeypatch.context() as hurried:
        hurried.setattr(acting, "_LONGEST", -1.0)
        perform_due(run_id=run.pk)
    step = step_of(run, CLOSE)
    assert (step.state, step.error) == (
        StepState.PENDING,
        "There are many queues. This continues shortly.",
    )
    assert sorted(len(denied(server, queue)) for queue in ("front", "back")) == [0, 2]

    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        perform_due(run_id=run.pk)
    assert step_of(run, CLOSE).state == StepState.DONE
    assert [len(denied(server, queue)) for queue in ("front", "back")] == [2, 2]

    leaving.restore(ada, by=BY)
    with monkeypatch.context() as hurried:
        hurried.setattr(acting, "_LONGEST", -1.0)
        perform_due(run_id=run.pk)
    assert step_of(run, CLOSE).state == StepState.UNDOING
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        perform_due(run_id=run.pk)
    assert step_of(run, CLOSE).state == StepState.UNDONE
    assert [denied(server, queue) for queue in ("front", "back")] == [set(), set()]
    assert not QueueList.objects.exists()


def test_a_sweep_reaches_the_last_queue_although_people_leave_and_come_back_in_between(
    cups: PrivateCups,
    server: PrintServer,
    ada: PrintUser,
    monkeypatch: pytest.MonkeyPatch,
    writes: list[str],
) -> None:
    """Each attempt has time for one queue. Nobody waits for those who leave later, or come back."""
    for queue in ("attic", "back"):
        cups.add_queue(queue, stopped=True)
    bob, eve = (factories.person(server.organization, f"{name}@contoso.example") for name in ("bob", "eve"))
    monkeypatch.setattr(acting, "_LONGEST", -1.0)
    runs = []
    for person in (ada, bob, eve):
        runs.append(factories.leaver(server.organization, who=person))
        attempt(runs[0])
    assert sorted(writes) == ["attic", "back", "front"]
    assert step_of(runs[0], CLOSE).state == StepState.PENDING
    assert denied(server, "front") == {f"{name}{at}" for name in ("ada", "bob", "eve") for at in AT}
    monkeypatch.setattr(acting, "_LONGEST", 40.0)
    attempt(runs[0])
    assert step_of(runs[0], CLOSE).state == StepState.DONE
    assert [ADA in denied(server, queue) for queue in ("attic", "back", "front")] == [True] * 3
    assert step_of(runs[1], CLOSE).state == StepState.PENDING

    monkeypatch.setattr(acting, "_LONGEST", -1.0)
    leaving.restore(ada, by=BY)
    written = len(writes)
    for person in ("pat", "sam", "tom"):
        attempt(runs[0])
        runs.append(factories.leaver(server.organization, who=factories.person(server.organization, person)))
    attempt(runs[0])
    assert sorted(writes[written:]) == ["attic", "back", "front"]
    assert step_of(runs[0], CLOSE).state == StepState.UNDONE
    assert not any(is_refused(cups, ADA, queue) for queue in ("attic", "back", "front"))

    monkeypatch.setattr(acting, "_LONGEST", 40.0)
    perform_all()
    assert {step_of(run, CLOSE).state for run in runs[1:]} == {StepState.DONE}
    known = RefusedNames.objects.get()
    assert known.swept_at is not None
    assert (known.perhaps, known.sweep_names, known.sweep_perhaps) == ([], [], [])
    assert len({frozenset(denied(server, queue)) for queue in ("attic", "back", "front")}) == 1


def test_an_attempt_that_goes_on_is_soon_followed_by_the_next(
    cups: PrivateCups, server: PrintServer, ada: PrintUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    cups.add_queue("back", stopped=True)
    run = factories.leaver(server.organization, who=ada)
    run.steps.filter(name=CLOSE).update(attempts=9)
    monkeypatch.setattr(acting, "_LONGEST", -1.0)

    attempt(run)

    assert step_of(run, CLOSE).due_at < timezone.now() + timedelta(seconds=6)


def test_who_meets_a_sweep_of_another_worker_does_not_wait_for_it(
    cups: PrivateCups, server: PrintServer, ada: PrintUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other servers would wait as well."""
    run = factories.leaver(server.organization, who=ada)
    begin(place_of(server), {"bob": "bob"})

    with server_lease(server), monkeypatch.context() as patched:
        patched.setattr(leases.time, "sleep", lambda _seconds: pytest.fail("it waits"))
        attempt(run)

    step = step_of(run, CLOSE)
    assert (step.state, step.attempts) == (StepState.PENDING, 1)


def test_the_end_of_a_sweep_ends_the_wait_of_those_who_met_it(server: PrintServer, ada: PrintUser) -> None:
    run, other, dated = (
        factories.leaver(server.organization, who=who)
        for who in (ada, *(factories.person(server.organization) for _each in range(2)))
    )
    later = timezone.now() + timedelta(hours=1)
    for each, state in ((other, StepState.PENDING), (dated, StepState.WAITING)):
        each.steps.filter(name=CLOSE).update(due_at=later, attempts=9, state=state)

    attempt(run)

    assert step_of(run, CLOSE).state == StepState.DONE
    assert step_of(other, CLOSE).due_at <= timezone.now()
    assert step_of(dated, CLOSE).due_at == later
    perform_due(run_id=other.pk)
    assert step_of(other, CLOSE).state == StepState.DONE


def attempt(run: DeprovisionRun) -> None:
    """One attempt at the closing of queues."""
    run.steps.exclude(name=CLOSE).update(state=StepState.SKIPPED)
    run.steps.filter(name=CLOSE).update(due_at=timezone.now())
    perform_due(run_id=run.pk)


def perform_all() -> None:
    DeprovisionStep.objects.filter(name=CLOSE).update(due_at=timezone.now())
    perform_due()


def test_a_class_is_closed_too_since_it_prints_through_closed_members(
    cups: PrivateCups, server: PrintServer, ada: PrintUser
) -> None:
    with client_for(server) as client:
        client._ask(
            Operation.CUPS_ADD_MODIFY_CLASS,
            client._queue_target("both", is_class=True),
            group=Group(
                4,
                [
                    Attribute("member-uris", [Value(Tag.URI, f"ipp://{cups.host}/printers/front")]),
                    forms.boolean("printer-is-accepting-jobs", True),
                ],
            ),
        )

    run = factories.leaver(server.organization, who=ada)
    perform_due(run_id=run.pk)

    step = step_of(run, CLOSE)
    assert (step.state, step.evidence["classes"]) == (StepState.DONE, ["both"])
    assert is_refused(cups, ADA, "both")
    leaving.restore(ada, by=BY)
    perform_due(run_id=run.pk)
    assert not is_refused(cups, ADA, "both")


def test_where_many_leave_each_name_is_tried_on_few_queues(
    cups: PrivateCups, server: PrintServer, monkeypatch: pytest.MonkeyPatch, writes: list[str]
) -> None:
    monkeypatch.setattr(close_queues, "_TRIALS", 6)
    cups.add_queue("back", stopped=True)
    cups.add_queue("attic", stopped=True)
    runs = [factories.leaver(server.organization) for _each in range(3)]

    perform_due()

    tried = [step_of(run, CLOSE).evidence["tried"]["queues"] for run in runs]
    assert sorted(tried) == [2, 2, 3]
    assert sorted(writes) == ["attic", "back", "front"]


def test_from_another_machine_what_is_not_shared_is_closed_and_said(
    own_cups: PrivateCups, contoso: Organization, ada: PrintUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_cups.add_queue("front", stopped=True)
    own_cups.add_queue("private", stopped=True, shared=False)
    server = equipment.operated(contoso, own_cups, fingerprint=own_cups.fingerprint)
    server.uri = f"ipps://{own_cups.host}/"
    server.save()
    monkeypatch.setattr(ServerAddress, "is_loopback", False)

    run = factories.leaver(contoso, who=ada)
    perform_due(run_id=run.pk)

    step = step_of(run, CLOSE)
    assert (step.state, step.error) == (StepState.DONE, "")
    assert denied(server, "private") == {"ada", ADA}
    assert (step.evidence["unshared"], step.evidence["unseen"]) == (["private"], True)
    assert step.evidence["tried"] == {"queues": 2, "refused": 2, "accepted": 0, "unknown": 2}
    said = " ".join(step_words(CLOSE, step.evidence))
    assert "Not shared with other computers, so not tried from here: private." in said
    assert "are not seen from here" in said


def test_a_list_of_groups_is_left_and_said(cups: PrivateCups, server: PrintServer, ada: PrintUser) -> None:
    allow(server, "bob", "@staff", "ada")

    run = factories.leaver(server.organization, who=ada)
    perform_due(run_id=run.pk)

    step = step_of(run, CLOSE)
    assert (step.state, step.evidence["groups"]) == (StepState.DONE, ["front"])
    assert allowed(server) == {"bob", "@staff"}
    assert (is_refused(cups, "ada"), is_refused(cups, "bob")) == (True, False)


def test_every_name_a_person_has_is_refused_and_no_similar_one(
    cups: PrivateCups, server: PrintServer, ada: PrintUser
) -> None:
    """A domain, a name longer than 32 bytes, a former name; and a colleague who nearly has them."""
    contoso = server.organization
    long = "ada.augusta.king.countess.of.lovelace@contoso.example"
    for value in ("CONTOSO\\ada.l", long, "josé@contoso.example"):
        PrintAlias.objects.create(organization=contoso, person=ada, value=value, value_key=name_key(value))
    factories.person(contoso, "ada.l@contoso.example")

    run = factories.leaver(contoso, who=ada)
    perform_due(run_id=run.pk)

    assert step_of(run, CLOSE).state == StepState.DONE
    mine = ("ada", ADA, "CONTOSO\\ada.l", "contoso\\ADA.L", long, long.partition("@")[0], "josé")
    assert [name for name in mine if not is_refused(cups, name)] == []
    others = ("ada.l@contoso.example", "ada.l", "adam", "jose", "ada.augusta")
    assert [name for name in others if is_refused(cups, name)] == []


def test_a_paused_server_opens_nothing_until_it_is_resumed(server: PrintServer, ada: PrintUser) -> None:
    run = factories.leaver(server.organization, who=ada)
    perform_due(run_id=run.pk)
    pause_server(server, by=BY)
    leaving.restore(ada, by=BY)

    perform_due(run_id=run.pk)

    assert step_of(run, CLOSE).state == StepState.ATTENTION
    server.refresh_from_db()
    resume_server(server, by=BY)
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        bring_up_to_date()
    assert denied(server) == set()
