"""Brings the lists of all queues of a server to what they have to be: one write a queue, whoever left."""

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final

from django.utils.translation import gettext_lazy as _

from printmgmt.printing.ipp.attributes import Queue
from printmgmt.printing.ipp.client import Client
from printmgmt.printing.ipp.errors import Gone, NotNow
from printmgmt.printing.ipp.reading import single
from printmgmt.printing.models import PrintServer, QueueList, ServerRound
from printmgmt.printing.queue_access.forms import fold
from printmgmt.printing.queue_access.lists import Ours, Plan, plan_list
from printmgmt.printing.queue_access.writing import write_list
from printmgmt.printing.rounds.leases import server_lease
from printmgmt.printing.servers.connecting import client_for
from printmgmt.work.claims import Claim, LeaseLost

Names = Mapping[str, str]
"""Names to refuse, by `fold`."""

_ELSEWHERE: Final = 0x0002 | 0x10000 | 0x1000000  # CUPS, cups_ptype_t: remote, implicit, discovered


@dataclass(frozen=True)
class Swept:
    """A queue that was looked at. ``plan`` is None for one whose list is not the console's to write: a class,
    or a queue of another server that is only shown here.
    """

    queue: Queue
    plan: Plan | None


def place_of(server: PrintServer) -> str:
    """Return what names the server in rows that organizations share."""
    return server.address_key or str(server.pk)


def sweep_lists(server: PrintServer, wanted: Callable[[], Names], *, wait: float = 10.0) -> Generator[Swept]:
    """Have every queue refuse the names that ``wanted`` returns, and none more on our account; yield each.

    ``wanted`` is asked under the lease of the server, so that a slower worker never writes what was right
    earlier. Whoever stops in between closes the iterator: the next sweep goes on there. Raises IppError.
    """
    with server_lease(server, wait=wait) as lease, client_for(server) as client:
        names = wanted()
        rows = {row.queue: row for row in QueueList.objects.filter(place=place_of(server))}
        for queue in _queues(client, rows):
            if is_ours_to_write(queue):
                row = rows.get(queue.name) or QueueList(place=place_of(server), queue=queue.name)
                yield Swept(queue, _bring(client, queue, names, row))
            else:
                yield Swept(queue, None)
            _renew(lease)
        QueueList.objects.filter(place=place_of(server)).update(digest=digest_of(names))


def is_ours_to_write(queue: Queue) -> bool:
    """Whether the queue has a list of its own on this server that closes a way to its device."""
    return not queue.is_class and not (single(queue.group, "printer-type", int) or 0) & _ELSEWHERE


def refuses(queue: Queue, names: Names) -> bool:
    """Whether the list of a queue, as it was read, shuts out all of these names."""
    if queue.allowed:
        return not names.keys() & {fold(name) for name in queue.allowed}
    return names.keys() <= {fold(name) for name in queue.denied}


def digest_of(names: Names) -> str:
    return sha256("\n".join(sorted(names)).encode()).hexdigest()


def _renew(lease: Claim[ServerRound]) -> None:
    try:
        lease.renew()
    except LeaseLost as error:
        raise NotNow(_("The print server is being read or changed now. Try again in a minute.")) from error


def _queues(client: Client, rows: dict[str, QueueList]) -> Iterator[Queue]:
    """Yield the queues that the server lists, and those of rows that it lists no more but still has."""
    listed = client.queues()
    yield from listed
    for name in rows.keys() - {queue.name for queue in listed}:
        try:
            queue = client.queue(name)
        except Gone:
            rows[name].delete()
        else:
            yield queue


def _bring(client: Client, queue: Queue, names: Names, row: QueueList) -> Plan:
    ours = Ours(tuple(row.added), tuple(row.taken), row.sentinel)
    plan = plan_list(queue, names, ours)
    if plan.denied is None and plan.allowed is None and plan.ours == ours:
        return plan
    was_finished, row.digest = bool(row.digest), ""
    fresh = client.queue(queue.name)
    before = plan_list(fresh, names, ours).ours
    _save(
        row,
        Ours(
            tuple(dict.fromkeys((*ours.added, *before.added))),
            tuple(dict.fromkeys((*ours.taken, *before.taken))),
            ours.sentinel or before.sentinel,
        ),
    )
    plan = write_list(client, fresh, names, ours)
    _save(row, plan.ours)
    # What a write that was cut short did not put there was not lost.
    return plan if was_finished else replace(plan, lost=())


def _save(row: QueueList, ours: Ours) -> None:
    """Save what is ours; a queue where nothing is needs no row."""
    row.added, row.taken, row.sentinel = list(ours.added), list(ours.taken), ours.sentinel
    if ours != Ours():
        row.save()
    elif row.pk is not None:
        row.delete()
