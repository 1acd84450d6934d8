"""Errors of what is done to a job. ``str()`` is a translated sentence to show to people."""

from django.utils.translation import gettext as _


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
