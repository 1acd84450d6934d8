"""Errors of what is done to a job. ``str()`` is a translated sentence to show to people."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from printmgmt.printing.jobs.places import names_of
from printmgmt.printing.models import Printer


class JobError(Exception):
    """It was not done. What the server said about the job is in its row by now."""


class JobIsOver(JobError):
    """The job is printed, canceled or no longer known."""

    def __init__(self) -> None:
        super().__init__(_("This job is no longer waiting."))


class JobIsAnother(JobError):
    """The number belongs to another job now: the server was set up again and counts from 1 again."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The print server was set up again, and this number is another job there now. "
                "Nothing was done."
            )
        )


class HeldForLeaving(JobError):
    """The job is held because its owner left."""

    def __init__(self) -> None:
        super().__init__(_("This job is held because its owner left. Restore the person to release it."))


class PrinterStopped(JobError):
    """The queue is stopped where the job would be printed: a server accepts a release, and nothing prints."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _(
                "The printer %(printer)s is stopped, so the job was not released. Use another printer, or "
                "have this one resumed on the print server."
            )
            % {"printer": name}
        )


class ChooseDevice(JobError):
    """The job is in a secure release queue, which prints nothing itself, and no device was chosen."""

    def __init__(self, queue: Printer, devices: Iterable[Printer]) -> None:
        text = (
            _(
                "Jobs of the queue %(queue)s wait until they are released at a printer. Choose one: "
                "%(printers)s."
            )
            if devices
            else _(
                "The queue %(queue)s has no printer left where jobs can be released. Tell your administrator."
            )
        )
        super().__init__(text % {"queue": queue.name, "printers": names_of(devices)})


class NotDone(JobError):
    """The server accepted the request and did something else: it was read again afterwards."""

    def __init__(self) -> None:
        super().__init__(_("The print server accepted this, but the job did not change. Try again."))


class AlreadySomebodys(JobError):
    """The job is someone's by now."""

    def __init__(self) -> None:
        super().__init__(_("This job already belongs to someone. Reload the page."))


class NoNameToClaim(JobError):
    """The server names no owner of the job, hides it, or names two."""

    def __init__(self) -> None:
        super().__init__(
            _("The print server does not name exactly one owner of this job, so you cannot assign it.")
        )


class NotClaimed(JobError):
    """The job is its person's because of their names, not because someone said so."""

    def __init__(self) -> None:
        super().__init__(_("Nobody assigned this job by hand. There is nothing to undo."))
