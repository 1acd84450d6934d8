"""Brings the list of one queue to what it has to be, with its row saved before and after the write."""

from dataclasses import replace

from django.utils import timezone

from printmgmt.printing.ipp.attributes import Queue
from printmgmt.printing.ipp.client import Client
from printmgmt.printing.ipp.reading import single
from printmgmt.printing.models import ListKind, QueueList
from printmgmt.printing.queue_access.forms import fold
from printmgmt.printing.queue_access.holders import nobodys
from printmgmt.printing.queue_access.lists import Names, Ours, Plan, plan_list
from printmgmt.printing.queue_access.rows import digest_of
from printmgmt.printing.queue_access.writing import write_list

_ELSEWHERE = 0x0002 | 0x10000 | 0x1000000  # CUPS, cups_ptype_t: remote, implicit, discovered


def kind_of(queue: Queue) -> ListKind:
    """Whether a queue or class has a list of its own on this server that closes a way to its device."""
    if (single(queue.group, "printer-type", int) or 0) & _ELSEWHERE:
        return ListKind.ELSEWHERE
    return ListKind.CLASS if queue.is_class else ListKind.QUEUE


def bring(client: Client, queue: Queue, names: Names, row: QueueList) -> Plan:
    """Have a queue, whose list this client just read, refuse these names and none more on our account.

    ``row`` is its row, perhaps unsaved; it stays, so that a sweep knows that it was here. One write at most.
    Raises IppError.
    """
    ours = Ours(tuple(row.added), tuple(row.taken), row.sentinel)
    plan = _plan(row.place, queue, names, ours)
    was_finished = bool(row.digest)
    if plan.denied is not None or plan.allowed is not None:
        row.digest = ""
        _save(row, queue, _either(ours, plan.ours))
        write_list(client, queue, plan)
    row.digest = digest_of(names)
    if names or plan.ours != Ours() or row.pk is not None:
        _save(row, queue, plan.ours)
    # What a write that was cut short did not put there was not lost.
    return plan if was_finished else replace(plan, lost=())


def _plan(place: str, queue: Queue, names: Names, ours: Ours) -> Plan:
    if kind_of(queue) == ListKind.ELSEWHERE:
        return Plan(ours)
    given_free = [name for name in ours.taken if fold(name) not in names] if queue.allowed else []
    return plan_list(queue, names, ours, nobodys(place, given_free))


def _either(one: Ours, other: Ours) -> Ours:
    return Ours(
        tuple(dict.fromkeys((*one.added, *other.added))),
        tuple(dict.fromkeys((*one.taken, *other.taken))),
        one.sentinel or other.sentinel,
    )


def _save(row: QueueList, queue: Queue, ours: Ours) -> None:
    seen = {
        "kind": kind_of(queue),
        "has_groups": any(name.startswith("@") for name in (*queue.denied, *queue.allowed)),
        "is_shared": queue.shared is not False,
        "op_policy": queue.op_policy[:200],
        "read_at": timezone.now(),
        "digest": row.digest,
        "sweep": row.sweep,
    }
    lists = {"added": list(ours.added), "taken": list(ours.taken), "sentinel": ours.sentinel}
    # The names of hundreds of leavers are not written again where nothing changed.
    changed = {name: value for name, value in lists.items() if getattr(row, name) != value}
    for name, value in {**seen, **changed}.items():
        setattr(row, name, value)
    row.save(update_fields=None if row.pk is None else [*seen, *changed])
