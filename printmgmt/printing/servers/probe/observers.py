"""Anyone who wants to know that a server was tested: rooms above this one, registered at start."""

from collections.abc import Callable

from printmgmt.printing.models import PrintServer
from printmgmt.rounds import isolate_errors

_observers: list[Callable[[PrintServer], object]] = []


def on_tested(observer: Callable[[PrintServer], object]) -> None:
    """Have ``observer`` called after each test of a server, once what it found is stored."""
    if observer not in _observers:
        _observers.append(observer)


def announce_test(server: PrintServer) -> None:
    """Call all observers; an error of one is logged and stops no other."""
    for observer in _observers:
        with isolate_errors("an observer of a print server's test", server=str(server.pk)):
            observer(server)
