"""Takes names out of the lists of queues once nobody's leaving keeps them there, or someone else has them."""

from collections import defaultdict
from typing import Final

import structlog

from printmgmt.deprovisioning.steps.on_print_servers.refusing import refused_at
from printmgmt.printing.ipp.errors import IppError
from printmgmt.printing.models import PrintServer, QueueList
from printmgmt.printing.queue_access.sweeping import digest_of, place_of, sweep_lists

log = structlog.get_logger(__name__)

NAME: Final = "deprovisioning.queue-lists"


def bring_up_to_date() -> None:
    """Write the lists of every server whose names to refuse are no longer those last written.

    They change without a step when someone is anonymized, merged or renamed, or comes back after the restore
    period. Of a server that was removed from the console, what was ours is forgotten. One statement if no
    queue is closed to anyone.
    """
    digests: dict[str, set[str]] = defaultdict(set)
    for place, digest in QueueList.objects.order_by().values_list("place", "digest").distinct():
        digests[place].add(digest)
    if not digests:
        return
    servers: dict[str, PrintServer] = {}
    for row in PrintServer.objects.filter(removed_at=None).exclude(user_name="").order_by("pk"):
        servers.setdefault(place_of(row), row)
    QueueList.objects.filter(place__in=digests.keys() - servers.keys()).delete()
    for place in digests.keys() & servers.keys():
        server = servers[place]
        if server.paused_at is not None or server.offline_since is not None:
            continue
        if {digest_of(refused_at(server).names)} != digests[place]:
            _sweep(server)


def _sweep(server: PrintServer) -> None:
    try:
        for _swept in sweep_lists(server, lambda: refused_at(server).names, wait=0):
            pass
    except IppError as error:
        log.warning("lists of queues were not written", server=str(server.pk), error=error.technical)
