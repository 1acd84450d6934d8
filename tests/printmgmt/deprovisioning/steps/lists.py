"""The lists of names of a server's queues in tests of what closes them."""

from subprocess import CalledProcessError
from typing import Any

from django.utils import timezone

from demo.cupsd import PrivateCups
from printmgmt.audit.models import AuditEvent
from printmgmt.printing.models import PrintServer, ServerRound
from printmgmt.printing.rounds.kind import Rounds
from printmgmt.printing.servers.connecting import client_for
from printmgmt.work.runner import perform_due as work_due

CLOSE = "close-queues"


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


def restored(server: PrintServer) -> list[Any]:
    """What the audit log says about names that were put back: on which queues, how many."""
    events = AuditEvent.objects.filter(verb="print-server.lists-restored", object_id=str(server.pk))
    return [(sorted(event.erasable["queues"]), event.erasable["names"]) for event in events]


def read_queues(server: PrintServer) -> None:
    """One round that reads queues as well as jobs."""
    assert round_of(server).problem == ""


def round_of(server: PrintServer) -> PrintServer:
    """One round of everything, successful or not; returns the server as it is then."""
    now = timezone.now()
    ServerRound.objects.filter(server=server).update(due_at=now, queues_due_at=now, lease_until=None)
    assert work_due(Rounds(), str(ServerRound.objects.get(server=server).pk)) == 1
    server.refresh_from_db()
    return server
