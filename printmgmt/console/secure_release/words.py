"""What is wrong with a secure release queue and who gets around it, in sentences with what to do."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from printmgmt.console.shell.navigation import Text
from printmgmt.printing.models import HoldProblem
from printmgmt.printing.secure_release.bypass import Bypass
from printmgmt.printing.servers.probe.found import Who

ADVICE: Final[dict[str, Text]] = {
    HoldProblem.MISSING: gettext_lazy(
        "Its jobs are gone with it. If the queue was deleted for good, end secure release."
    ),
    HoldProblem.CLASS: gettext_lazy(
        "A class passes its jobs to its members, which print them. End secure release, or delete the class "
        "and create the queue again."
    ),
    HoldProblem.RESUMED: gettext_lazy(
        "Stop it again, or end secure release if someone needs it to print by itself."
    ),
    HoldProblem.UNREAD: gettext_lazy(
        "A stopped queue stays stopped, but the console would not see it if someone resumed it."
    ),
    HoldProblem.DEVICE_MISSING: gettext_lazy("Choose the printers again."),
    HoldProblem.DEVICE_STOPPED: gettext_lazy(
        "What is released there waits until someone resumes the printer on the print server."
    ),
    HoldProblem.BYPASS: gettext_lazy("See below who can, and how to prevent it."),
    HoldProblem.UNTESTED: gettext_lazy("Test the print server on its page."),
}
"""What to do about each problem."""

URGENT: Final = (HoldProblem.MISSING, HoldProblem.CLASS, HoldProblem.RESUMED)
"""Problems by which jobs print, or are lost, now."""


@dataclass(frozen=True)
class ProblemWords:
    """A problem as the page shows it."""

    title: Text
    advice: Text
    urgent: bool


def problem_words(problem: HoldProblem) -> ProblemWords:
    """Return a problem in words."""
    return ProblemWords(problem.label, ADVICE[problem], problem in URGENT)


def bypass_words(bypass: Bypass) -> Iterator[str]:
    """Yield who gets around a queue; a single sentence where nobody does, or nobody knows."""
    if not bypass.tested:
        yield _("It is not known yet who can move jobs out of this queue. Test the print server on its page.")
        return
    if not bypass.is_open:
        yield _("Only an operator with the password can move a job out, or print a past job again.")
        return
    if bypass.movers & {Who.STRANGER, Who.ANY_LOGIN}:
        yield _("Anyone can move waiting jobs to another queue and so print them.")
    elif bypass.movers & {Who.OWNER, Who.OWNER_LOGIN}:
        yield _("Owners can move their own waiting jobs to another queue and so print them.")
    if bypass.movers & {Who.OPERATOR_NAME, Who.ROOT_NAME}:
        yield _("Anyone who states the operator's name can move any job, without the password.")
    if bypass.restarters:
        yield _(
            "A job that was released once can be printed again from a computer, as long as the print server "
            "keeps its files."
        )
