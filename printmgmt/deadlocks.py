"""Work that the database breaks off, because two waited for each other, is done again."""

import random
import time
from collections.abc import Callable
from typing import Final, TypeVar

import structlog
from django.db import DatabaseError

log = structlog.get_logger(__name__)

T = TypeVar("T")

TRIES: Final = 4
"""The first one and three more; each waits a second for PostgreSQL to notice a deadlock."""

PAUSE: Final = 0.05
"""Seconds at most before the second try; twice as long before each further one."""

BROKEN_OFF: Final = frozenset({"40P01", "40001"})
"""SQLSTATE of deadlock_detected and serialization_failure (PostgreSQL, appendix A)."""


def again_after_deadlock(work: Callable[[], T]) -> T:
    """What ``work`` returns: one whole transaction, tried again where the database broke it off.

    Any other exception passes at once, and after TRIES tries this one, too.
    """
    for tried in range(1, TRIES):
        try:
            return work()
        except DatabaseError as error:
            if not was_broken_off(error):
                raise
            log.warning("broken off by a deadlock, tried again", tried=tried)
        # Jitter: the two that met must not meet again.
        time.sleep(random.uniform(0, PAUSE * 2 ** (tried - 1)))  # noqa: S311 -- spreading load, not a secret
    return work()


def was_broken_off(error: DatabaseError) -> bool:
    """Whether the database broke a transaction off for the sake of another one."""
    return getattr(error.__cause__, "sqlstate", None) in BROKEN_OFF
