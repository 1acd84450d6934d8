"""Why a leaving or a coming back is refused."""


class LeavingError(Exception):
    """A refused change. ``str()`` is a sentence for a reader."""


class AlreadyRemoved(LeavingError):
    """The person was removed; only a restore can change that."""


class GraceOver(LeavingError):
    """The grace period is over: what was wiped cannot come back."""


class MergedAway(LeavingError):
    """The row was found to be another person's past and never comes back by itself."""
