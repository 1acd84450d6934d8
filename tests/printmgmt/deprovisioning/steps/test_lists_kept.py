"""Lists of queues stay right while nobody leaves: lost names are put back, names without a reason go."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from demo.cupsd import OPERATOR, PrivateCups
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.models import StepState
from printmgmt.deprovisioning.queue_lists import bring_up_to_date
from printmgmt.deprovisioning.retention.anonymising import anonymise
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser
from printmgmt.printing.ipp.client import Client
from printmgmt.printing.ipp.operations import Operation
from printmgmt.printing.models import PrintServer, QueueList, RefusedNames
from printmgmt.printing.servers.adding import change_server
from printmgmt.printing.servers.connecting import client_for
from printmgmt.printing.servers.pausing import remove_server
from tests import factories
from tests.due import perform_due
from tests.printmgmt.deprovisioning.steps.conftest import ADA, step_of
from tests.printmgmt.deprovisioning.steps.lists import (
    CLOSE,
    allow,
    allowed,
    denied,
    is_refused,
    read_queues,
    restored,
)
from tests.printmgmt.printing import equipment

BY = factories.TESTER


def test_names_that_someone_takes_out_are_found_by_a_retry_put_back_and_said(
    server: PrintServer, ada: PrintUser
) -> None:
    run = factories.leaver(server.organization, who=ada)
    perform_due(run_id=run.pk)
    with client_for(server) as client:
        client.set_access(client.queue("front"), denied=())

    step = step_of(run, CLOSE)
    step.state, step.due_at = StepState.PENDING, timezone.now()
    step.save()
    perform_due(run_id=run.pk)
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        perform_due(run_id=run.pk)

    step = step_of(run, CLOSE)
    assert (step.state, step.evidence["lost"]) == (StepState.DONE, ["front"])
    assert denied(server) == {"ada", ADA}
    assert restored(server) == [(["front"], 2)]


def test_what_a_killed_server_lost_is_put_back_and_said_although_nobody_leaves(
    own_cups: PrivateCups, contoso: Organization, ada: PrintUser
) -> None:
    """SIGKILL within 30 seconds of the write: cupsd had not written the list to its disk yet."""
    for queue in ("front", "back"):
        own_cups.add_queue(queue, stopped=True)
    own_cups.restart()  # the queues are on its disk
    server = equipment.operated(contoso, own_cups)
    run = factories.leaver(contoso, who=ada)
    perform_due(run_id=run.pk)
    assert step_of(run, CLOSE).state == StepState.DONE
    assert is_refused(own_cups, ADA)

    own_cups.kill()
    own_cups.start()
    assert not is_refused(own_cups, ADA)
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        read_queues(server)

    assert [denied(server, queue) for queue in ("front", "back")] == [{"ada", ADA}] * 2
    assert is_refused(own_cups, ADA)
    assert restored(server) == [(["back", "front"], 2)]
    with time_machine.travel(timezone.now() + timedelta(minutes=10)):
        read_queues(server)
    assert len(restored(server)) == 1


def test_a_new_queue_is_closed_by_the_round_that_finds_it(
    cups: PrivateCups, server: PrintServer, ada: PrintUser
) -> None:
    run = factories.leaver(server.organization, who=ada)
    perform_due(run_id=run.pk)
    cups.add_queue("new", stopped=True)

    read_queues(server)

    assert denied(server, "new") == {"ada", ADA}
    assert restored(server) == []


def test_rounds_ask_for_no_list_of_all_queues_together(
    server: PrintServer, ada: PrintUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With hundreds of names in thousands of lists no answer would be large enough."""
    asked: list[tuple[Operation, str]] = []
    ask_as = Client._ask_as

    def noting(self: Client, user: Any, operation: Operation, *rest: Any, **more: Any) -> Any:
        asked.append((operation, str(rest)))
        return ask_as(self, user, operation, *rest, **more)

    run = factories.leaver(server.organization, who=ada)
    monkeypatch.setattr(Client, "_ask_as", noting)
    perform_due(run_id=run.pk)
    read_queues(server)

    assert Operation.CUPS_GET_PRINTERS in {operation for operation, _details in asked}
    lists = {operation for operation, details in asked if "requesting-user-name-denied" in details}
    assert lists == {Operation.GET_PRINTER_ATTRIBUTES}


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


def test_a_round_of_either_organization_puts_back_what_was_lost(
    cups: PrivateCups, server: PrintServer, ada: PrintUser
) -> None:
    fabrikam = factories.organization("Fabrikam")
    other = equipment.operated(fabrikam, cups, address_key="shared:631")
    server.address_key = "shared:631"
    server.save()
    run = factories.leaver(server.organization, who=ada)
    perform_due(run_id=run.pk)
    with client_for(server) as client:
        client.set_access(client.queue("front"), denied=())

    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        read_queues(other)

    assert denied(server) == {"ada", ADA}
    assert restored(other) == [(["front"], 2)]


def test_names_leave_the_lists_when_their_person_is_anonymized(server: PrintServer, ada: PrintUser) -> None:
    run = factories.leaver(server.organization, leaving.Trigger.REMOVED, who=ada)
    with time_machine.travel(leaving.grace_until(run) + timedelta(minutes=1)):
        perform_due()
        assert denied(server) == {"ada", ADA}
        anonymise(ada, by=BY)
    with time_machine.travel(leaving.grace_until(run) + timedelta(minutes=3)):
        bring_up_to_date()

    assert denied(server) == set()
    assert not QueueList.objects.exists()


def test_an_allowed_name_of_an_anonymized_person_is_not_put_back(server: PrintServer, ada: PrintUser) -> None:
    """An allowed list would show it to everyone, and let anyone print who states it."""
    allow(server, "ada", "bob")
    run = factories.leaver(server.organization, leaving.Trigger.REMOVED, who=ada)
    with time_machine.travel(leaving.grace_until(run) + timedelta(minutes=1)):
        perform_due()
        anonymise(ada, by=BY)
    with time_machine.travel(leaving.grace_until(run) + timedelta(minutes=3)):
        bring_up_to_date()

    assert allowed(server) == {"bob"}
    assert not QueueList.objects.exists()


def test_what_is_ours_stays_ours_when_the_server_is_called_otherwise(
    own_cups: PrivateCups, contoso: Organization, ada: PrintUser
) -> None:
    own_cups.add_queue("front", stopped=True)
    server = equipment.operated(contoso, own_cups, address_key=own_cups.host)
    run = factories.leaver(contoso, who=ada)
    perform_due(run_id=run.pk)

    port = own_cups.host.rpartition(":")[2]
    change_server(
        server,
        name=server.name,
        address=f"ipp://localhost:{port}/",
        user_name=OPERATOR,
        password=own_cups.passwords[OPERATOR],
        by=BY,
    )
    assert set(QueueList.objects.values_list("place", flat=True)) == {f"localhost:{port}"}
    leaving.restore(ada, by=BY)
    perform_due(run_id=run.pk)

    server.refresh_from_db()
    assert denied(server) == set()


def test_of_a_removed_server_only_names_of_known_people_are_kept(server: PrintServer, ada: PrintUser) -> None:
    """If the server is added again, they are still ours and leave its lists with the return."""
    bob = factories.person(server.organization, "bob@contoso.example")
    runs = [factories.leaver(server.organization, leaving.Trigger.REMOVED, who=who) for who in (ada, bob)]
    after = leaving.grace_until(runs[1]) + timedelta(minutes=3)
    with time_machine.travel(after):
        perform_due()
    remove_server(server, by=BY)
    with time_machine.travel(after):
        anonymise(bob, by=BY)
    with time_machine.travel(after + timedelta(minutes=3)):
        bring_up_to_date()

    assert sorted(QueueList.objects.get().added) == ["ada", ADA]
    assert RefusedNames.objects.get().names == []
    with time_machine.travel(after):
        anonymise(ada, by=BY)
    with time_machine.travel(after + timedelta(minutes=6)):
        bring_up_to_date()
    assert not QueueList.objects.exists()
    assert not RefusedNames.objects.exists()


def test_names_leave_the_lists_when_someone_else_gets_them(server: PrintServer, ada: PrintUser) -> None:
    run = factories.leaver(server.organization, who=ada)
    perform_due(run_id=run.pk)
    factories.person(server.organization, "ada@fabrikam.example")

    bring_up_to_date()
    assert denied(server) == {"ada", ADA}  # once a minute, by one worker
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        bring_up_to_date()

    assert denied(server) == {ADA}
