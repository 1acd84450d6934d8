"""The closing words of a demonstration that stays up: where to sign in, and what to try at the station."""

from collections.abc import Sequence

from demo.cupsd import OPERATOR
from demo.paper import Paper
from demo.print_jobs import COLLECTS_LATER, FOLLOW_ME
from demo.screen import Screen
from demo.walk import Outcome


def say_what_to_do(screen: Screen, url: str, outcomes: Sequence[Outcome]) -> None:
    """Print the addresses and, where there is paper, what to click."""
    screen.line("Sign in")
    screen.address("Console", url)
    for outcome in outcomes:
        screen.address(outcome.customer.owner, outcome.sign_in_url)
    for outcome in outcomes:
        if outcome.paper:
            _say_how_to_print(screen, outcome.paper)
    screen.line("The console stays up until Ctrl-C. Each sign-in link sets a password and works once.")


def _say_how_to_print(screen: Screen, paper: Paper) -> None:
    cups = paper.room.cups
    screen.line("Print")
    screen.address("Print server", f"{cups.uri} (its operator: {OPERATOR}, {cups.passwords[OPERATOR]})")
    screen.address("Station page", paper.station["url"])
    screen.address("Token of the station", paper.station["token"])
    screen.address("A card", f"{paper.badges.cards[paper.ids[COLLECTS_LATER]]} ({COLLECTS_LATER})")
    screen.address("One more job", f"lp -h {cups.host} -U {COLLECTS_LATER} -d {FOLLOW_ME} README.md")
    if paper.receipt:
        screen.address("A receipt", f"manage.py verify_receipt {paper.receipt}")
    screen.line(
        "Open the station page, paste the token, type the number of the card and press Enter: the jobs that "
        "wait are there, and Print prints one. In the console, Jobs shows it as printed, Printers where, and "
        "Print servers what the server lets people do."
    )
