"""`python -m demo [--exit] [--port N]`: exit code 0 when every line is as expected, else 1."""

import argparse
import signal
import sys
import time

from demo.commands import CommandFailed, Commands
from demo.console import Console, NotReady, free_port
from demo.screen import Screen
from demo.walk import CUSTOMERS, Outcome, walk
from scim_sync.rehearsal.answers import Failure


def main() -> int:
    parser = argparse.ArgumentParser(prog="make demo", description="The whole walk on an empty data folder.")
    parser.add_argument("--exit", action="store_true", help="stop after the table instead of staying up")
    parser.add_argument(
        "--port", type=int, help="port of the console (8000, or a free one when that is taken)"
    )
    arguments = parser.parse_args()
    screen = Screen()
    # A closed terminal or a `kill` ends the console as Ctrl-C does.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        return demonstrate(screen, arguments.port or free_port(), stay=not arguments.exit)
    except KeyboardInterrupt:
        screen.line("Stopped.")
        return 1
    except (NotReady, CommandFailed, Failure) as error:
        screen.error(str(error))
        return 1


def demonstrate(screen: Screen, port: int, *, stay: bool) -> int:
    """Start the console, take both customers through the walk, print the table; stay up if asked to."""
    screen.title("Print Management: Azure AD User Sync")
    began = time.monotonic()
    with Console(port) as console:
        screen.done(
            f"console up on an empty data folder after {time.monotonic() - began:.0f} s: {console.url}"
        )
        outcomes = [walk(customer, Commands(console.environment), screen) for customer in CUSTOMERS]
        is_as_expected = report(screen, outcomes, time.monotonic() - began)
        if stay:
            screen.line("Sign in")
            screen.address("Console", console.url)
            for outcome in outcomes:
                screen.address(outcome.customer.owner, outcome.sign_in_url)
            screen.line(
                "The console stays up until Ctrl-C. Each sign-in link sets a password and works once."
            )
            wait(console)
    return 0 if is_as_expected else 1


def report(screen: Screen, outcomes: list[Outcome], seconds: float) -> bool:
    """Print the table and the verdict; return whether all is as expected."""
    screen.table([(o.customer.name, o.verdict.rows()) for o in outcomes])
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
    """Stay until Ctrl-C, or until the console ends by itself."""
    try:
        console.wait()
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    sys.exit(main())
