"""What `python -m demo [--exit]` does: exits with 0 if every result is as expected, else 1.

``PORT`` and ``DATA_DIR`` come from the environment, as `manage.py up` takes them.
"""

import argparse
import os
import signal
import time
from pathlib import Path

from demo.commands import ROOT, CommandFailed, Commands
from demo.console import Console, Folder, NotReady, choose_port
from demo.print_server import private_cups
from demo.screen import Screen
from demo.tablet import Refused
from demo.walk import CUSTOMERS, Outcome, walk
from demo.what_to_do import say_what_to_do
from scim_sync.rehearsal.answers import Failure


def main() -> int:
    parser = argparse.ArgumentParser(prog="make demo", description="The whole walk on an empty data folder.")
    parser.add_argument("--exit", action="store_true", help="stop after the table instead of staying up")
    arguments = parser.parse_args()
    screen = Screen()
    # A closed terminal or a `kill` ends the console as Ctrl-C does.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        folder = Folder(Path(os.environ.get("DATA_DIR") or ROOT / "data"))
        return demonstrate(screen, folder, choose_port(wanted_port()), stay=not arguments.exit)
    except KeyboardInterrupt:
        screen.line("Stopped.")
        return 1
    except (NotReady, CommandFailed, Failure, Refused) as error:
        screen.error(str(error))
        return 1


def wanted_port() -> int | None:
    """Return the port in ``PORT``, or None if it is not set. Raises ``NotReady`` if it is no port number."""
    text = os.environ.get("PORT", "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= 65_535):
        raise NotReady(f"PORT is {text!r}; it has to be a number from 1 to 65535.")
    return int(text)


def demonstrate(screen: Screen, folder: Folder, port: int, *, stay: bool) -> int:
    """Start the console, run both customers through the demo, print the table. ``stay``: keep running."""
    screen.title("Print Management: Azure AD User Sync")
    began = time.monotonic()
    with private_cups(screen) as cups, Console(folder, port) as console:
        screen.done(
            f"console up on an empty data folder after {time.monotonic() - began:.0f} s: {console.url}"
        )
        commands = Commands(console.environment)
        outcomes = [walk(each, commands, screen, cups if each.prints else None) for each in CUSTOMERS]
        is_as_expected = report(screen, outcomes, time.monotonic() - began)
        if stay:
            say_what_to_do(screen, console.url, outcomes)
            wait(console)
    return 0 if is_as_expected else 1


def report(screen: Screen, outcomes: list[Outcome], seconds: float) -> bool:
    """Print the table and the verdict; return whether all results are as expected."""
    screen.table("What became of people", [(o.customer.name, o.verdict.rows()) for o in outcomes])
    screen.table("What became of paper", [(o.customer.name, o.paper.rows()) for o in outcomes if o.paper])
    screen.line("Leavers' runs")
    for outcome in outcomes:
        screen.leavers(outcome.customer.name, outcome.leavers.groups())
    is_as_expected = all(outcome.is_as_expected for outcome in outcomes)
    if is_as_expected:
        screen.done(f"every line as expected, after {seconds:.0f} s")
    else:
        screen.error(f"not as expected, after {seconds:.0f} s; see the lines marked ✗")
    return is_as_expected


def wait(console: Console) -> None:
    """Wait for Ctrl-C or for the end of the console."""
    try:
        console.wait()
    except KeyboardInterrupt:
        return
