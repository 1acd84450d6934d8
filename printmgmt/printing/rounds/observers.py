"""Tells rooms above that a round has read the queues of a server: rounds know none of them."""

from collections.abc import Callable
from typing import Final

from printmgmt.printing.ipp.client import Client
from printmgmt.printing.models import PrintServer
from printmgmt.rounds import isolate_errors

Observer = Callable[[PrintServer, Client], object]

_observers: Final[list[Observer]] = []


def register(observer: Observer) -> None:
    """Have ``observer`` called under the server's lease whenever queues became rows. Called at start."""
    _observers.append(observer)


def observe(server: PrintServer, client: Client) -> None:
    """Call each observer; one that fails delays neither the others nor the round."""
    for observer in _observers:
        with isolate_errors("what follows the reading of queues", server=str(server.pk)):
            observer(server, client)
