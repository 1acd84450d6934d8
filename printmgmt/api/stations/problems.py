"""Errors of stations, jobs and print servers as answers of the API."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Final

from rest_framework import exceptions

from printmgmt.printing.ipp.errors import IppError, NotNow
from printmgmt.printing.jobs.errors import JobError
from printmgmt.printing.stations.errors import JobNotHere, Locked, NotRecognized, StationError, VisitOver

RETRY_SERVER_AFTER: Final = 30
"""Seconds after which a print server that did not answer is worth another try."""

_STATUSES: Final[tuple[tuple[type[Exception], HTTPStatus], ...]] = (
    (NotRecognized, HTTPStatus.FORBIDDEN),
    (VisitOver, HTTPStatus.FORBIDDEN),
    (Locked, HTTPStatus.TOO_MANY_REQUESTS),
    (JobNotHere, HTTPStatus.NOT_FOUND),
    (StationError, HTTPStatus.CONFLICT),
    (JobError, HTTPStatus.CONFLICT),
    (NotNow, HTTPStatus.SERVICE_UNAVAILABLE),
    (IppError, HTTPStatus.BAD_GATEWAY),
)


class Refused(exceptions.APIException):
    """What was asked for was not done."""

    def __init__(self, error: Exception) -> None:
        status = next(status for kind, status in _STATUSES if isinstance(error, kind))
        self.status_code = status.value
        if isinstance(error, Locked):
            self.wait = int(error.wait.total_seconds())
        elif isinstance(error, NotNow):
            self.wait = RETRY_SERVER_AFTER
        super().__init__(str(error), code=type(error).__name__)


@contextmanager
def refusals() -> Iterator[None]:
    """Turn errors of stations, jobs and print servers into `Refused`."""
    try:
        yield
    except (StationError, JobError, IppError) as error:
        raise Refused(error) from error
