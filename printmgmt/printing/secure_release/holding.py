"""What holds jobs at a queue, in words: only a stopped queue does so whatever a client asks for."""

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from printmgmt.printing.models import Printer


class Holding(TextChoices):
    """What holds jobs at a queue. The first one holds, the others may help."""

    SECURE = "secure", _("Secure release")
    PROBLEM = "problem", _("Secure release, with a problem")
    DEFAULT = "default", _("Held unless the sender says otherwise")
    NEW_JOBS = "new-jobs", _("New jobs are held until CUPS restarts")
    NOTHING = "nothing", _("Nothing")


HOLD_NEW_JOBS: Final = "hold-new-jobs"
"""The reason of a queue's state while it holds new jobs; after a restart CUPS says so and does not do it."""

NO_HOLD: Final = ("", "no-hold")
"""Values of job-hold-until-default that hold nothing."""


def what_holds(queue: Printer) -> Holding:
    """Return what holds jobs at a queue, from its row alone."""
    if queue.secure_since is not None:
        return Holding.PROBLEM if queue.hold_problem else Holding.SECURE
    if HOLD_NEW_JOBS in queue.state_reasons:
        return Holding.NEW_JOBS
    return Holding.NOTHING if queue.hold_default in NO_HOLD else Holding.DEFAULT
