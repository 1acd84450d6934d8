"""The demonstration's own print server, where CUPS is installed or can be."""

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from demo import cups_files
from demo.commands import ROOT
from demo.cups_files import NoCups
from demo.cupsd import PrivateCups
from demo.print_jobs import QUEUES
from demo.screen import Screen
from printmgmt.printing.servers.findings.holds import BLOCK


@contextmanager
def private_cups(screen: Screen) -> Iterator[PrivateCups | None]:
    """Run a print server with the queues, or None where none can run: one line says why."""
    with ExitStack() as stack:
        try:
            install(screen)
            cups = stack.enter_context(PrivateCups())
        except NoCups as error:
            screen.line(f"Nothing is printed here, everything else goes on. {str(error).splitlines()[0]}")
            yield None
            return
        cups.policy(BLOCK)  # without it, leavers could undo a hold, and the runs would say so
        for name in QUEUES:
            cups.add_queue(name)
        yield cups


def install(screen: Screen) -> None:
    """Install CUPS's programs if they are missing. ``NoCups``, with one line, where that cannot be done."""
    if not cups_files.missing():
        return
    with screen.waiting("installing CUPS (its programs only, no service)"):
        done = subprocess.run([ROOT / "tools" / "ensure-cups.sh"], capture_output=True, text=True)
    if done.returncode:
        raise NoCups((done.stderr.strip().splitlines() or ["CUPS could not be installed"])[-1])
