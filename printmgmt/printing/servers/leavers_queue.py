"""The stopped queue of a server to which jobs of leavers are moved, where the leaving policy says so."""

from django.db import transaction
from django.db.models import Q, QuerySet

from printmgmt.audit.actors import Actor
from printmgmt.printing.models import Printer, PrinterState, PrintServer
from printmgmt.printing.servers.adding import lock_server, record_server


def queues_for_leavers(server: PrintServer) -> QuerySet[Printer]:
    """Return the queues that can be chosen: stopped, no class, not for secure release; and the chosen one."""
    stopped = Q(state=PrinterState.STOPPED, is_class=False, secure_since=None, missing_since=None)
    return server.printers.filter(stopped | Q(pk=server.leavers_printer_id)).order_by("name")


@transaction.atomic
def choose_queue_for_leavers(server: PrintServer, queue: Printer | None, *, by: Actor) -> bool:
    """Choose a queue of the server, or none; return whether that is a change. Raises ServerRemoved."""
    locked = lock_server(server)
    if locked.leavers_printer_id == (queue.pk if queue else None):
        return False
    before = locked.leavers_printer
    locked.leavers_printer = queue
    locked.save(update_fields=["leavers_printer"])
    changes = {"leavers_printer": [before.name if before else "", queue.name if queue else ""]}
    record_server(locked, "print-server.changed", by=by, changes=changes)
    return True
