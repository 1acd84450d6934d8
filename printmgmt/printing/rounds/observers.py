"""Tells rooms above what a round did: it has read the queues of a server, or its jobs, or it is over."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Final

from printmgmt.printing.ipp.client import Client
from printmgmt.printing.models import Printer, PrintServer
from printmgmt.rounds import isolate_errors

Observer = Callable[[PrintServer, Client, Collection[Printer]], object]
JobsObserver = Callable[[PrintServer, datetime | None], object]
EndObserver = Callable[[PrintServer], object]

_observers: Final[list[Observer]] = []
_of_jobs: Final[list[JobsObserver]] = []
_of_ends: Final[list[EndObserver]] = []


def register(observer: Observer) -> None:
    """Have ``observer`` called under the server's lease whenever queues became rows. Called at start.

    It gets the server, a client and the rows of all its queues.
    """
    _observers.append(observer)


def on_jobs(observer: JobsObserver) -> None:
    """Have ``observer`` called under the server's lease when all its jobs became rows. Called at start.

    It gets the server, and when the jobs were read before: None the first time.
    """
    _of_jobs.append(observer)


def on_end(observer: EndObserver) -> None:
    """Have ``observer`` called at the end of each round, read or failed. Called at start.

    It is called in the transaction that writes the end: neither is kept without the other. It must not ask
    the server, and reads its row again, since the one it gets is as the round found it.
    """
    _of_ends.append(observer)


def observe(server: PrintServer, client: Client, queues: Collection[Printer]) -> None:
    """Call each observer; one that fails delays neither the others nor the round."""
    for observer in _observers:
        with isolate_errors("what follows the reading of queues", server=str(server.pk)):
            observer(server, client, queues)


def observe_jobs(server: PrintServer, read_before: datetime | None) -> None:
    """Call each observer of jobs in the same way."""
    for observer in _of_jobs:
        with isolate_errors("what follows the reading of jobs", server=str(server.pk)):
            observer(server, read_before)


def observe_end(server: PrintServer) -> None:
    """Call each observer of ends in the same way."""
    for observer in _of_ends:
        with isolate_errors("what follows a round", server=str(server.pk)):
            observer(server)
