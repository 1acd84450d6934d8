"""Brings the lists of all queues of a server to what they have to be: one write a queue for all who left."""

from collections.abc import Callable, Generator, Iterable, Iterator

from django.utils.translation import gettext_lazy as _

from printmgmt.printing.ipp.attributes import Queue
from printmgmt.printing.ipp.client import Client
from printmgmt.printing.ipp.errors import Gone, NotNow
from printmgmt.printing.models import Printer, PrintServer, QueueList, ServerRound
from printmgmt.printing.queue_access.bringing import bring
from printmgmt.printing.queue_access.forms import fold
from printmgmt.printing.queue_access.lists import Names, Plan
from printmgmt.printing.queue_access.lost import Lost
from printmgmt.printing.queue_access.progress import begin, finish, is_reached
from printmgmt.printing.queue_access.rows import place_of, rows_of
from printmgmt.printing.rounds.leases import server_lease
from printmgmt.printing.servers.connecting import client_for
from printmgmt.work.claims import Claim, LeaseLost


def sweep_lists(
    server: PrintServer, wanted: Callable[[], Names], *, wait: float = 10.0
) -> Generator[tuple[str, Plan]]:
    """Have every queue refuse the names that ``wanted`` returns, and none more on our account.

    Yields the name of each queue that was read, and what was done. ``wanted`` is asked under the lease of the
    server, so that a slower worker never writes what was right earlier. Anyone who stops in between closes
    the iterator: the next call goes on with the queues that are left, also if people left or came back in the
    meantime, and writes the names of then. So a sweep reaches the last queue however many follow, and another
    one follows it for them (`progress`). Raises IppError.
    """
    with server_lease(server, wait=wait) as lease, client_for(server) as client, Lost(server) as lost:
        names = wanted()
        number = begin(place_of(server), names)
        rows = {row.queue: row for row in rows_of(server).defer("added", "taken")}
        reached = is_reached(number, names)
        for name in _queue_names(server, client, rows):
            row = rows.get(name)
            if reached(row):
                continue
            if row is not None:
                row.refresh_from_db(fields=["added", "taken"])
            if (plan := bring_named(server, client, name, names, row, sweep=number)) is not None:
                lost.note(name, plan)
                yield name, plan
            _renew(lease)
        finish(place_of(server), names)


def bring_named(
    server: PrintServer,
    client: Client,
    name: str,
    names: Names,
    row: QueueList | None,
    *,
    sweep: int | None = None,
) -> Plan | None:
    """Read the list of a queue and bring it to these names; None if the queue is gone. Raises IppError.

    ``sweep`` is the number of the sweep that does it.
    """
    try:
        queue: Queue = client.queue(name)
    except Gone:
        if row is not None:
            row.delete()
        return None
    row = row or QueueList(place=place_of(server), queue=name)
    if sweep is not None:
        row.sweep = sweep
    return bring(client, queue, names, row)


def refuses(queue: Queue, names: Names) -> bool:
    """Whether the list of a queue, as it was read, shuts out all of these names."""
    if queue.allowed:
        return not names.keys() & {fold(name) for name in queue.allowed}
    return names.keys() <= {fold(name) for name in queue.denied}


def _queue_names(server: PrintServer, client: Client, known: Iterable[str]) -> Iterator[str]:
    """Yield the queues that the server lists, then those that are known and that it does not list.

    To another machine CUPS lists only the queues that it shares; jobs may wait in the others, or have.
    """
    listed = [queue.name for queue in client.queues()]
    yield from listed
    seen = Printer.objects.filter(server=server, missing_since=None).values_list("name", flat=True)
    yield from sorted({*known, *seen} - {*listed})


def _renew(lease: Claim[ServerRound]) -> None:
    try:
        lease.renew()
    except LeaseLost as error:
        raise NotNow(_("The print server is being read or changed now. Try again in a minute.")) from error
