"""Tells rooms above that a round has read the queues of a server: rounds know none of them."""

from collections.abc import Callable, Collection
from typing import Final

from printmgmt.printing.ipp.client import Client
from printmgmt.printing.models import Printer, PrintServer
from printmgmt.rounds import isolate_errors

Observer = Callable[[PrintServer, Client, Collection[Printer]], object]

_observers: Final[list[Observer]] = []


def register(observer: Observer) -> None:
    """Have ``observer`` called under the server's lease whenever queues became rows. Called at start.

    It gets the server, a client and the rows of all its queues.
    """
    _observers.append(observer)


def observe(server: PrintServer, client: Client, queues: Collection[Printer]) -> None:
    """Call each observer; one that fails delays neither the others nor the round."""
    for observer in _observers:
        with isolate_errors("what follows the reading of queues", server=str(server.pk)):
            observer(server, client, queues)
