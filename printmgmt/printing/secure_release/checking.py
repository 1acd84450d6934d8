"""Notes what is wrong with secure release queues, from what rounds and tests wrote; the server is not asked.

Whatever changes the answer checks it: the end of a round (read or failed), a test or a pause of the server,
and changes of secure release itself.
"""

from typing import Final

from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone

from printmgmt.audit.actors import system
from printmgmt.printing.models import HoldProblem, Printer, PrintServer
from printmgmt.printing.secure_release.mails import mail_resumed
from printmgmt.printing.secure_release.problems import problems_of
from printmgmt.printing.secure_release.trail import record_release
from printmgmt.rounds import isolate_errors

_COLUMNS: Final = (
    *("organization_id", "server_id", "name", "is_class", "state", "op_policy"),
    *("missing_since", "secure_since", "hold_problem"),
)

CHECK: Final = system("secure release check")


def check_release_queues(server: PrintServer) -> int:
    """Write the most urgent problem of each secure release queue of a server.

    Returns how many have another one than before. Three statements while nothing changes, one where there is
    no such queue. Safe to run in parallel: a change is recorded and mailed once.
    """
    queues = Printer.objects.filter(
        secure_since__isnull=False, server=server, server__removed_at__isnull=True
    )
    changed = 0
    # Prefetched, not joined: a server's test is read once, not once for each of its queues.
    devices = Prefetch("devices", Printer.objects.only("state", "missing_since", "is_class"))
    for queue in queues.only(*_COLUMNS).prefetch_related("server", devices):
        problem = next(iter(problems_of(queue, queue.devices.all())), HoldProblem.NONE)
        if problem != queue.hold_problem:
            with isolate_errors("checking secure release", printer=str(queue.pk)):
                changed += _note(queue, problem)
    return changed


@transaction.atomic
def _note(queue: Printer, problem: HoldProblem) -> bool:
    """Write the problem unless someone else did or the queue was ended; tell if the queue was resumed."""
    rows = Printer.objects.filter(pk=queue.pk, hold_problem=queue.hold_problem, secure_since__isnull=False)
    since = timezone.now() if problem else None
    if not rows.update(hold_problem=problem, hold_problem_since=since):
        return False
    if problem == HoldProblem.RESUMED:
        record_release(queue, "secure-release.resumed", by=CHECK)
        mail_resumed(queue)
    return True
