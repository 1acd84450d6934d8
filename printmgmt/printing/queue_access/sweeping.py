"""Brings the lists of all queues of a server to what they have to be: one write a queue for all who left."""

from collections.abc import Callable, Generator, Iterable, Iterator

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from printmgmt.printing.ipp.attributes import Queue
from printmgmt.printing.ipp.client import Client
from printmgmt.printing.ipp.errors import Gone, NotNow
from printmgmt.printing.models import Printer, PrintServer, QueueList, RefusedNames, ServerRound
from printmgmt.printing.queue_access.bringing import bring
from printmgmt.printing.queue_access.forms import fold
from printmgmt.printing.queue_access.lists import Names, Plan
from printmgmt.printing.queue_access.lost import Lost
from printmgmt.printing.queue_access.rows import digest_of, place_of
from printmgmt.printing.rounds.leases import server_lease
from printmgmt.printing.servers.connecting import client_for
from printmgmt.work.claims import Claim, LeaseLost


def sweep_lists(
    server: PrintServer, wanted: Callable[[], Names], *, wait: float = 10.0
) -> Generator[tuple[str, Plan]]:
    """Have every queue refuse the names that ``wanted`` returns, and none more on our account.

    Yields the name of each queue that was read, and what was done. ``wanted`` is asked under the lease of the
    server, so that a slower worker never writes what was right earlier. Queues that were brought to the same
    names before are not read. Anyone who stops in between closes the iterator: the next sweep goes on there.
    Raises IppError.
    """
    with server_lease(server, wait=wait) as lease, client_for(server) as client, Lost(server) as lost:
        names = wanted()
        begin(server, names)
        digest = digest_of(names)
        rows = {row.queue: row for row in _rows(server).defer("added", "taken")}
        for name in _queue_names(server, client, rows):
            row = rows.get(name)
            if row is not None and row.digest == digest:
                continue
            if row is not None:
                row.refresh_from_db(fields=["added", "taken"])
            if (plan := bring_named(server, client, name, names, row)) is not None:
                lost.note(name, plan)
                yield name, plan
            _renew(lease)
        _finish(server, names)


def bring_named(
    server: PrintServer, client: Client, name: str, names: Names, row: QueueList | None
) -> Plan | None:
    """Read the list of a queue and bring it to these names; None if the queue is gone. Raises IppError."""
    try:
        queue: Queue = client.queue(name)
    except Gone:
        if row is not None:
            row.delete()
        return None
    return bring(client, queue, names, row or QueueList(place=place_of(server), queue=name))


def begin(server: PrintServer, names: Names) -> None:
    """Note that from now on only these names are certain to be refused by all queues, and only if they were
    before, and that queues may refuse others until the sweep is over.
    """
    row, _made = RefusedNames.objects.get_or_create(place=place_of(server))
    row.names = [name for name in row.names if name in names]
    row.swept_at = None
    row.save(update_fields=["names", "swept_at"])


def refuses(queue: Queue, names: Names) -> bool:
    """Whether the list of a queue, as it was read, shuts out all of these names."""
    if queue.allowed:
        return not names.keys() & {fold(name) for name in queue.allowed}
    return names.keys() <= {fold(name) for name in queue.denied}


def _finish(server: PrintServer, names: Names) -> None:
    now = timezone.now()
    place = RefusedNames.objects.filter(place=place_of(server))
    if names or _rows(server).exists():
        place.update(names=sorted(names), swept_at=now, checked_at=now)
    else:
        place.delete()


def _rows(server: PrintServer) -> QuerySet[QueueList]:
    return QueueList.objects.filter(place=place_of(server))


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
