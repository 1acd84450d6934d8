"""Requests about queues."""

import time
from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from printmgmt.printing.ipp import errors, forms
from printmgmt.printing.ipp.asking import Asking
from printmgmt.printing.ipp.attributes import LIST_ATTRIBUTES, PRINTER_GROUP, QUEUE_ATTRIBUTES, Queue
from printmgmt.printing.ipp.codec import Attribute, Group, Message
from printmgmt.printing.ipp.names import check_name
from printmgmt.printing.ipp.operations import Operation
from printmgmt.printing.ipp.transport import Login, Transport

# How long a queue counts as just seen. CUPS creates a queue that is modified and does not exist.
SEEN_SECONDS = 60.0

# A user nobody can be: an allowed list with this name alone refuses everyone, while an empty one is open to
# everyone.
NOBODY = "-closed-"
# One of these as the only name does not enter a list, but deletes it.
_CLEARING = ("all", "none")

_REQUESTED = forms.keyword("requested-attributes", *QUEUE_ATTRIBUTES)
_WITHOUT_LISTS = forms.keyword(
    "requested-attributes", *(name for name in QUEUE_ATTRIBUTES if name not in LIST_ATTRIBUTES)
)


class QueueCalls(Asking):
    """Reading queues is anonymous: a queue whose list shuts out the operator is missing from the operator's
    own list.
    """

    def __init__(self, transport: Transport, *, login: Login | None, user_name: str | None) -> None:
        super().__init__(transport, login=login, user_name=user_name)
        self._seen: dict[str, tuple[str, float]] = {}

    def queues(self) -> list[Queue]:
        """Return all queues and classes; from another machine, CUPS shows the shared ones only.

        A client of `as_user` gets those that this user may use, by the list of names. The lists themselves
        are not read (`list_known`): those of many queues together are larger than any answer may be. A device
        at a path has one queue.
        """
        if self.address.path:
            return [self.queue("")]
        target = forms.uri("printer-uri", self.address.uri())
        try:
            answer = self._ask_as(self._stated(), Operation.CUPS_GET_PRINTERS, target, _WITHOUT_LISTS)
        except errors.Gone:
            # CUPS says so that it has no queue, a device that its queue is elsewhere. Only CUPS has jobs.
            self._ask_as(self._stated(), Operation.GET_JOBS, target, forms.integer("limit", 1))
            return []
        return [replace(queue, list_known=False) for queue in self._queues_in(answer)]

    def queue(self, name: str) -> Queue:
        """Return one queue or class. Raises `Gone` if there is none of that name."""
        target = self._queue_target(name)
        answer = self._ask_as(self._stated(), Operation.GET_PRINTER_ATTRIBUTES, target, _REQUESTED)
        queues = self._queues_in(answer)
        # To CUPS, names of queues are the same in any letter case.
        names = {queue.name.lower() for queue in queues}
        if len(queues) != 1 or not (self.address.path or names == {name.lower()}):
            raise errors.BadAnswer(technical=f"{names} instead of {name!r}")
        return queues[0]

    def pause_queue(self, name: str) -> None:
        """Stop a queue: jobs go on coming in and wait; its owner cannot resume it. Holds over a restart."""
        self._ask(Operation.PAUSE_PRINTER, self._queue_target(name))

    def resume_queue(self, name: str) -> None:
        self._ask(Operation.RESUME_PRINTER, self._queue_target(name))

    def set_access(
        self, queue: Queue, *, denied: Iterable[str] | None = None, allowed: Iterable[str] | None = None
    ) -> Queue:
        """Write the one list of names that a queue has, and return the queue as the server then describes it.

        Give `denied` or `allowed`, never both: the one deletes the other. No names in `denied` open the queue
        to all; no names in `allowed` close it to all. `queue` must come from this client's `queue()` or
        `queues()`, at most 60 seconds ago. Raises `Gone` if the queue is no longer the same, and `UnsafeName`
        for a name that cannot be sent, with nothing changed.
        """
        if (denied is None) == (allowed is None):
            raise ValueError("either denied or allowed")
        if denied is not None:
            names = _never_clearing(denied) or ["none"]
            return self._modify(queue, forms.names("requesting-user-name-denied", names))
        names = _never_clearing(allowed or ()) or [NOBODY]
        return self._modify(queue, forms.names("requesting-user-name-allowed", names))

    def set_options(
        self, queue: Queue, *, job_hold_until_default: str | None = None, printer_op_policy: str | None = None
    ) -> Queue:
        """Set how long new jobs are held if they do not say, or the policy by which a queue is used; as
        `set_access` otherwise.
        """
        options = []
        if job_hold_until_default is not None:
            options.append(forms.hold(job_hold_until_default, "job-hold-until-default"))
        if printer_op_policy is not None:
            options.append(forms.names("printer-op-policy", [printer_op_policy]))
        if not options:
            raise ValueError("no option")
        return self._modify(queue, *options)

    def _modify(self, queue: Queue, *attributes: Attribute) -> Queue:
        self._check_seen(queue)
        operation = Operation.CUPS_ADD_MODIFY_CLASS if queue.is_class else Operation.CUPS_ADD_MODIFY_PRINTER
        target = self._queue_target(queue.name, is_class=queue.is_class)
        self._ask(operation, target, group=Group(PRINTER_GROUP, list(attributes)))
        # What CUPS answers is no proof: it answers success to lists that it then ignores.
        after = self.queue(queue.name)
        if after.uuid != queue.uuid:
            raise errors.Gone(
                _(
                    "The queue was removed from the print server in the meantime and may have come "
                    "back empty."
                ),
                technical=f"{queue.name}: {queue.uuid} became {after.uuid}",
            )
        return after

    def _check_seen(self, queue: Queue) -> None:
        """Modifying what does not exist creates it, so look twice: was it seen, and is it there now, the same
        one?
        """
        uuid, seen_at = self._seen.get(queue.name, ("", float("-inf")))
        if uuid != queue.uuid or time.monotonic() - seen_at > SEEN_SECONDS:
            raise ValueError(f"queue {queue.name!r} was not read just now by this client")
        if self.queue(queue.name).uuid != queue.uuid:
            raise errors.Gone(technical=f"{queue.name} is another queue now")

    def _queues_in(self, answer: Message) -> list[Queue]:
        groups = [group for group in answer.groups if group.tag == PRINTER_GROUP]
        queues = [Queue.read(group, address=self.address) for group in groups]
        now = time.monotonic()
        self._seen |= {queue.name: (queue.uuid, now) for queue in queues}
        return queues

    def _stated(self) -> str | None:
        return None if self._login else self._user_name


def _never_clearing(names: Iterable[str]) -> list[str]:
    checked = [check_name(name) for name in names]
    if len(checked) == 1 and checked[0].lower() in _CLEARING:
        checked.append(NOBODY)
    return checked
