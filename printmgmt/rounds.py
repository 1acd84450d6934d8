"""Rounds over many units (installations, organizations, sweeps): one that fails does not starve others."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from printmgmt.outages import leave_broken_connection

log = structlog.get_logger(__name__)


@contextmanager
def on_its_own(what: str, **names: str) -> Iterator[None]:
    """Log whatever the block raises, and go on behind it: the next round tries this unit again.

    ``what`` says for the log what is done, ``names`` which unit it is. A connection to the database that
    broke with it is not left to the next unit.
    """
    try:
        yield
    except Exception:
        log.exception(f"{what} failed, the others go on", **names)
        leave_broken_connection()
