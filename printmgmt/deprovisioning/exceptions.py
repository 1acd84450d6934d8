"""Errors of suspending, removing and restoring people."""


class LeavingError(Exception):
    """A change that is refused. ``str()`` is a translated sentence to show to people."""


class AlreadyRemoved(LeavingError):
    """The person was removed. Restore them first."""


class GraceOver(LeavingError):
    """The grace period is over, so the person cannot be restored."""


class StillKept(LeavingError):
    """The person is not removed, or the restore period is not over, so nothing is erased."""


class OnLegalHold(LeavingError):
    """A legal hold keeps the person's history, so nothing is erased."""


class MergedAway(LeavingError):
    """The person was merged into another one and cannot be restored."""


class StepRefused(LeavingError):
    """The step cannot be skipped or approved now."""
