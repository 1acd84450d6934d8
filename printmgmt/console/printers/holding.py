"""What holds jobs at a printer: in a word, in a sentence on what that is worth, and in a color."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from printmgmt.console.shell.navigation import Text
from printmgmt.printing.models import Printer
from printmgmt.printing.secure_release.holding import Holding, what_holds

_NOTES: Final[Mapping[str, Text]] = {
    Holding.SECURE: _("Jobs print only when they are released."),
    Holding.DEFAULT: _("The sender can ask to print immediately."),
}
_TONES: Final[Mapping[str, str]] = {
    Holding.SECURE: "green",
    Holding.PROBLEM: "red",
    Holding.DEFAULT: "yellow",
    Holding.NEW_JOBS: "yellow",
}


@dataclass(frozen=True)
class Hold:
    """How a printer holds jobs."""

    label: Text
    note: Text = ""
    tone: str = ""


def hold_of(printer: Printer) -> Hold | None:
    """Return how a printer holds jobs; None where it prints them at once."""
    holding = what_holds(printer)
    if holding == Holding.NOTHING:
        return None
    note = printer.get_hold_problem_display() if holding == Holding.PROBLEM else _NOTES.get(holding, "")
    return Hold(holding.label, note, _TONES[holding])


def hold_words(printer: Printer) -> str:
    """Say the same in a word, for a file."""
    hold = hold_of(printer)
    return str(hold.label) if hold else ""
