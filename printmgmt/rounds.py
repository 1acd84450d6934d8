"""Isolates errors in loops over installations, organizations or sweeps: one does not stop the others."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from printmgmt.outages import leave_broken_connection

log = structlog.get_logger(__name__)


@contextmanager
def isolate_errors(what: str, **names: str) -> Iterator[None]:
    """Log an exception of the block and continue after it; the next round tries this unit again.

    ``what`` names the work and ``names`` the unit, for the log. Closes a broken database connection, so that
    the next unit gets a new one.
    """
    try:
        yield
    except Exception:
        log.exception(f"{what} failed, the others go on", **names)
        leave_broken_connection()
