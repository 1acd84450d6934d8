"""What it means that a request got no answer, or half of one."""

from collections.abc import Iterator
from http.client import HTTPException, IncompleteRead

import requests
from django.utils.translation import gettext_lazy as _
from urllib3.exceptions import NewConnectionError
from urllib3.exceptions import TimeoutError as PoolTimeout

from printmgmt.printing.ipp.errors import BadAnswer, IppError, NotNow


def failure(error: Exception, *, asked: str) -> IppError:
    """Return what an exception of requests, urllib3 or a socket is to the one who asked for `asked`."""
    technical = f"{asked}: {error}"
    causes = list(_causes(error))
    late = any(isinstance(cause, TimeoutError | PoolTimeout | requests.Timeout) for cause in causes)
    # urllib3 counts a refused connection among the time-outs.
    if late and not any(isinstance(cause, NewConnectionError) for cause in causes):
        return NotNow(_("The print server did not answer in time."), technical=technical)
    # A connection that ends early is an HTTPException to Python, too; that is a network, no bad answer.
    broken_off = any(isinstance(cause, ConnectionError | IncompleteRead) for cause in causes)
    if not broken_off and any(isinstance(cause, HTTPException) for cause in causes):
        return BadAnswer(_("No print server answers at this address."), technical=technical)
    return NotNow(technical=technical)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what it stands for: urllib3 wraps http.client's, requests wraps urllib3's."""
    yield error
    inner = [error.__cause__, getattr(error, "reason", None), *error.args]
    for cause in inner:
        if isinstance(cause, BaseException):
            yield from _causes(cause)
