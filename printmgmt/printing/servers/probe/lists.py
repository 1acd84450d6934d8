"""Reads the lists of names of some queues: those of all queues together may be too large for any answer."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from printmgmt.printing.ipp.attributes import Queue
from printmgmt.printing.ipp.client import Client
from printmgmt.printing.ipp.errors import Gone

MOST: Final = 20


def with_lists(client: Client, queues: Iterable[Queue]) -> Iterator[Queue]:
    """Yield the first of these queues, at most `MOST`, read again with their lists. Raises IppError."""
    for queue in islice(queues, MOST):
        try:
            yield client.queue(queue.name)
        except Gone:
            continue
