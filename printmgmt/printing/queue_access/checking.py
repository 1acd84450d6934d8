"""Reads the lists of queues again and again, also while nobody leaves, and puts back what was lost."""

import time
from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.utils import timezone

from printmgmt.printing.ipp.client import Client
from printmgmt.printing.models import Printer, PrintServer, QueueList
from printmgmt.printing.queue_access.lists import Names
from printmgmt.printing.queue_access.lost import Lost
from printmgmt.printing.queue_access.progress import forget_rows_without_ours
from printmgmt.printing.queue_access.rows import place_of, rows_of
from printmgmt.printing.queue_access.sweeping import bring_named

LONGEST: Final = 20.0
"""Seconds after which a round, or a sweep, begins with no further list; the next one goes on there."""


def check_lists(server: PrintServer, client: Client, queues: Collection[Printer], names: Names) -> int:
    """Read lists, those not yet read first, then the one read longest ago; write what is not as it has to be.

    Returns how many were read. Call under the lease of the server. Raises IppError.
    """
    deadline = time.monotonic() + LONGEST
    read = 0
    with Lost(server) as lost:
        for name, row in _due(server, queues):
            if time.monotonic() > deadline:
                break
            if (plan := bring_named(server, client, name, names, row)) is not None:
                lost.note(name, plan)
            read += 1
    if not names:
        forget_rows_without_ours(place_of(server))
    return read


def _due(server: PrintServer, queues: Collection[Printer]) -> Iterator[tuple[str, QueueList | None]]:
    rows = rows_of(server)
    known = set(rows.values_list("queue", flat=True))
    for queue in queues:
        if queue.missing_since is None and queue.name not in known:
            yield queue.name, None
    # Rounds of two organizations, or one each minute, read a list once in a while only.
    before = timezone.now() - timedelta(seconds=settings.PRINT_QUEUES_SECONDS * 0.8)
    for row in rows.filter(read_at__lt=before).order_by("read_at", "pk").iterator(chunk_size=50):
        yield row.queue, row
