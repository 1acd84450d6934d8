"""Anyone who wants to know that a server was tested or paused: rooms above this one, registered at start."""

from collections.abc import Callable
from typing import Final

from printmgmt.printing.models import PrintServer
from printmgmt.rounds import isolate_errors

Observer = Callable[[PrintServer], object]

_of_tests: Final[list[Observer]] = []
_of_pauses: Final[list[Observer]] = []


def on_tested(observer: Observer) -> None:
    """Have ``observer`` called after each test of a server, once what it found is stored."""
    _add(_of_tests, observer)


def on_paused(observer: Observer) -> None:
    """Have ``observer`` called when a server is paused and when it is resumed, within that transaction."""
    _add(_of_pauses, observer)


def announce_test(server: PrintServer) -> None:
    """Call all observers of tests; an error of one is logged and stops no other."""
    _call(_of_tests, server)


def announce_pause(server: PrintServer) -> None:
    """Call all observers of pauses in the same way."""
    _call(_of_pauses, server)


def _add(observers: list[Observer], observer: Observer) -> None:
    if observer not in observers:
        observers.append(observer)


def _call(observers: list[Observer], server: PrintServer) -> None:
    for observer in observers:
        with isolate_errors("an observer of a print server", server=str(server.pk)):
            observer(server)
