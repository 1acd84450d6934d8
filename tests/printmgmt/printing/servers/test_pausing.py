"""Paused servers are left alone; removed ones lose the login and keep their history."""

import pytest
from django.utils import timezone

from printmgmt.audit.models import AuditEvent
from printmgmt.printing.ipp.errors import Forbidden
from printmgmt.printing.models import JobState, Printer, PrintJob, PrintServer, ServerRound
from printmgmt.printing.servers.connecting import client_for
from printmgmt.printing.servers.exceptions import ServerRemoved
from printmgmt.printing.servers.pausing import pause_server, remove_server, resume_server
from tests import factories

pytestmark = pytest.mark.django_db


def verbs() -> list[str]:
    events = AuditEvent.objects.filter(object_type="print-server").order_by("id")
    return list(events.values_list("verb", flat=True))


def test_a_pause_and_its_end_are_told_once(server: PrintServer) -> None:
    assert [pause_server(server, by=factories.TESTER) for _ in range(2)] == [True, False]
    assert PrintServer.objects.get().paused_at is not None

    assert [resume_server(server, by=factories.TESTER) for _ in range(2)] == [True, False]

    assert PrintServer.objects.get().paused_at is None
    assert verbs() == ["print-server.added", "print-server.paused", "print-server.resumed"]


def test_after_a_pause_the_server_is_read_at_once_and_old_outages_are_forgotten(server: PrintServer) -> None:
    now = timezone.now()
    PrintServer.objects.update(offline_since=now, outage_notified_at=now, problem="offline")
    ServerRound.objects.update(due_at=now.replace(year=now.year + 1), attempts=9, error="offline")
    pause_server(server, by=factories.TESTER)

    resume_server(server, by=factories.TESTER)

    server.refresh_from_db()
    assert (server.offline_since, server.outage_notified_at, server.problem) == (None, None, "")
    assert server.round.due_at <= timezone.now()
    assert (server.round.attempts, server.round.error) == (0, "")


def test_a_removed_server_keeps_its_history_and_nothing_else(server: PrintServer) -> None:
    printer = Printer.objects.create(
        organization=server.organization, server=server, name="front", uri="ipp://x"
    )
    held, done = (
        PrintJob.objects.create(
            organization=server.organization,
            server=server,
            printer=printer,
            remote_id=number,
            state=state,
            submitted_at=timezone.now(),
        )
        for number, state in ((1, JobState.HELD), (2, JobState.COMPLETED))
    )

    remove_server(server, by=factories.TESTER)

    server.refresh_from_db()
    assert (server.sealed_secret, server.removed_at is not None) == ("", True)
    assert not ServerRound.objects.exists()
    for row in (printer, held, done):
        row.refresh_from_db()
    assert (printer.missing_since, held.gone_at, done.gone_at) == (server.removed_at, server.removed_at, None)
    with pytest.raises(Forbidden):
        client_for(server)


@pytest.mark.parametrize("change", [pause_server, resume_server, remove_server])
def test_nothing_is_done_to_a_server_that_is_removed(change: object, server: PrintServer) -> None:
    stale = PrintServer.objects.get(pk=server.pk)
    remove_server(server, by=factories.TESTER)

    with pytest.raises(ServerRemoved):
        change(stale, by=factories.TESTER)  # type: ignore[operator]
