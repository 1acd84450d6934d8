"""Queues closed to leavers on a real cupsd: lp is refused, and prints again once the person is back."""

from datetime import timedelta
from subprocess import CalledProcessError
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from demo.cupsd import PrivateCups
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.models import StepState
from printmgmt.deprovisioning.policy import change_policy
from printmgmt.deprovisioning.queue_lists import bring_up_to_date
from printmgmt.deprovisioning.retention.anonymising import anonymise
from printmgmt.deprovisioning.steps import step_words
from printmgmt.people.models import PrintUser
from printmgmt.printing.ipp.client import Client
from printmgmt.printing.models import PrintServer, QueueList
from printmgmt.printing.servers.connecting import client_for
from printmgmt.printing.servers.pausing import pause_server, resume_server
from tests import factories
from tests.due import perform_due
from tests.printmgmt.deprovisioning.steps.conftest import ADA, Killed, step_of
from tests.printmgmt.printing import equipment

BY = factories.TESTER
CLOSE = "close-queues"


@pytest.fixture
def writes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The queues whose lists are written from now on."""
    written: list[str] = []
    modify = Client._modify

    def counting(self: Client, queue: Any, *attributes: Any) -> Any:
        written.append(queue.name)
        return modify(self, queue, *attributes)

    monkeypatch.setattr(Client, "_modify", counting)
    return written


def denied(server: PrintServer, queue: str = "front") -> set[str]:
    with client_for(server) as client:
        return set(client.queue(queue).denied)


def allow(server: PrintServer, *names: str) -> None:
    with client_for(server) as client:
        client.set_access(client.queue("front"), allowed=names)


def allowed(server: PrintServer) -> set[str]:
    with client_for(server) as client:
        return set(client.queue("front").allowed)


def is_refused(cups: PrivateCups, name: str, queue: str = "front") -> bool:
    try:
        cups.submit(queue, name)
    except CalledProcessError:
        return True
    return False


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
    assert step.evidence["tried"] == {"queues": 2, "refused": 4, "unknown": 0}
    assert "ada" not in str(step.evidence).lower()
    assert any("2 names" in words for words in step_words(CLOSE, step.evidence))
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


def test_names_that_disappeared_are_put_back_and_said(server: PrintServer, ada: PrintUser) -> None:
    run = factories.leaver(server.organization, who=ada)
    perform_due(run_id=run.pk)
    with client_for(server) as client:
        client.set_access(client.queue("front"), denied=())

    step = step_of(run, CLOSE)
    step.state, step.due_at = StepState.PENDING, timezone.now()
    step.save()
    perform_due(run_id=run.pk)

    assert step_of(run, CLOSE).evidence["lost"] == ["front"]
    assert denied(server) == {"ada", ADA}


def test_organizations_that_share_a_server_share_its_lists(
    cups: PrivateCups, server: PrintServer, ada: PrintUser
) -> None:
    fabrikam = factories.organization("Fabrikam")
    equipment.operated(fabrikam, cups, address_key="shared:631")
    server.address_key = "shared:631"
    server.save()
    runs = [
        factories.leaver(server.organization, who=ada),
        factories.leaver(fabrikam, who=factories.person(fabrikam, "eve@fabrikam.example")),
    ]
    perform_due()
    assert {step_of(run, CLOSE).state for run in runs} == {StepState.DONE}
    assert denied(server) == {"ada", ADA, "eve", "eve@fabrikam.example"}

    leaving.restore(ada, by=BY)
    perform_due()

    assert denied(server) == {"eve", "eve@fabrikam.example"}


def test_names_leave_the_lists_when_their_person_is_anonymized(server: PrintServer, ada: PrintUser) -> None:
    run = factories.leaver(server.organization, leaving.Trigger.REMOVED, who=ada)
    with time_machine.travel(leaving.grace_until(run) + timedelta(minutes=1)):
        perform_due()
        assert denied(server) == {"ada", ADA}
        anonymise(ada, by=BY)
        bring_up_to_date()

    assert denied(server) == set()
    assert not QueueList.objects.exists()


def test_names_leave_the_lists_when_someone_else_gets_them(server: PrintServer, ada: PrintUser) -> None:
    run = factories.leaver(server.organization, who=ada)
    perform_due(run_id=run.pk)
    factories.person(server.organization, "ada@fabrikam.example")

    bring_up_to_date()

    assert denied(server) == {ADA}


def test_a_paused_server_opens_nothing_until_it_is_resumed(server: PrintServer, ada: PrintUser) -> None:
    run = factories.leaver(server.organization, who=ada)
    perform_due(run_id=run.pk)
    pause_server(server, by=BY)
    leaving.restore(ada, by=BY)

    perform_due(run_id=run.pk)

    assert step_of(run, CLOSE).state == StepState.ATTENTION
    server.refresh_from_db()
    resume_server(server, by=BY)
    bring_up_to_date()
    assert denied(server) == set()
