"""What an operator can do to a job: the buttons, and which of them a job has now."""

from collections.abc import Iterator
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from printmgmt.console.jobs.statuses import is_open
from printmgmt.console.jobs.words import in_release_queue
from printmgmt.console.shell.navigation import Text
from printmgmt.console.shell.selection import SelectionButton
from printmgmt.printing.jobs.actions import INDEFINITE
from printmgmt.printing.models import JobState, PrintJob


class Deed(TextChoices):
    """What is done to jobs."""

    HOLD = "hold", pgettext_lazy("print job", "Hold")
    RELEASE = "release", pgettext_lazy("print job", "Release")
    CANCEL = "cancel", pgettext_lazy("print job", "Cancel")


_ICONS: Final = {Deed.HOLD: "player-pause", Deed.RELEASE: "player-play", Deed.CANCEL: "x"}


def _button(deed: Deed, **words: Text) -> SelectionButton:
    return SelectionButton(deed.value, deed.label, _ICONS[deed], **words)


HOLD, RELEASE = _button(Deed.HOLD), _button(Deed.RELEASE)

BUTTONS: Final = (
    HOLD,
    RELEASE,
    _button(
        Deed.CANCEL,
        question=_(
            "The print server deletes the documents. They can no longer be printed. You cannot undo this."
        ),
        title=_("Cancel the selected jobs?"),
        confirm=_("Cancel jobs"),
    ),
)
"""For the jobs that are selected."""

CANCEL_ONE: Final = _button(
    Deed.CANCEL,
    question=_("The print server deletes the document. It can no longer be printed. You cannot undo this."),
    title=_("Cancel this job?"),
    confirm=_("Cancel job"),
)


def is_controlled(job: PrintJob) -> bool:
    """Whether anything can be done to a job: it is not over, and we still have its server."""
    return is_open(job) and job.server.removed_at is None


def buttons_of(job: PrintJob) -> list[SelectionButton]:
    """Return the buttons of one job; none once it is over."""
    return list(_buttons(job)) if is_controlled(job) else []


def _buttons(job: PrintJob) -> Iterator[SelectionButton]:
    releasable = job.state == JobState.HELD or (job.state == JobState.PENDING and in_release_queue(job))
    if releasable and job.held_by_run is None:
        yield RELEASE
    elif job.state == JobState.PENDING:
        yield HOLD
    if job.state == JobState.HELD and job.hold_until not in ("", INDEFINITE):  # it would print by itself
        yield HOLD
    yield CANCEL_ONE
