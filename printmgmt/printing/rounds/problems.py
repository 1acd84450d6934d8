"""What kind of problem an error of a server is, and which of them no further attempt can mend."""

from typing import Final

from printmgmt.printing.ipp import errors
from printmgmt.printing.models import ServerProblem
from printmgmt.printing.servers.connecting import AddressBlocked, PasswordLost

_KINDS: Final[tuple[tuple[type[errors.IppError], ServerProblem], ...]] = (
    (errors.WrongLogin, ServerProblem.WRONG_LOGIN),
    (AddressBlocked, ServerProblem.BLOCKED),
    (PasswordLost, ServerProblem.PASSWORD_LOST),
    (errors.Forbidden, ServerProblem.FORBIDDEN),
    (errors.UntrustedCertificate, ServerProblem.CERTIFICATE),
    (errors.UnsafeConnection, ServerProblem.UNSAFE),
    (errors.UnknownName, ServerProblem.UNKNOWN_NAME),
    (errors.NotSupported, ServerProblem.NOT_SUPPORTED),
    (errors.BadAnswer, ServerProblem.BAD_ANSWER),
    (errors.NotNow, ServerProblem.OFFLINE),
)
"""The more special ones first."""

STOPPING: Final = frozenset({ServerProblem.WRONG_LOGIN, ServerProblem.FORBIDDEN})
"""The login is not sent again by itself: a wrong one blocks a CUPS server for two seconds each time."""


def problem_of(error: errors.IppError) -> ServerProblem:
    """Return the kind of an error."""
    return next((problem for kind, problem in _KINDS if isinstance(error, kind)), ServerProblem.REFUSED)
