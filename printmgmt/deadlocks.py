"""Retries transactions that the database aborted because of a deadlock."""

import random
import time
from collections.abc import Callable
from typing import Final, TypeVar

import structlog
from django.db import DatabaseError

log = structlog.get_logger(__name__)

T = TypeVar("T")

MAX_ATTEMPTS: Final = 4
"""Attempts in all. PostgreSQL needs a second to detect each deadlock."""

MAX_PAUSE: Final = 0.05
"""Longest pause before the second attempt, in seconds. It doubles with each attempt."""

DEADLOCK_STATES: Final = frozenset({"40P01", "40001"})
"""SQLSTATE of deadlock_detected and serialization_failure (PostgreSQL, appendix A)."""


def retry_on_deadlock(work: Callable[[], T]) -> T:
    """Call ``work``, which must be one whole transaction, and return its result; retry after a deadlock.

    Other exceptions are not retried. After MAX_ATTEMPTS, the deadlock is raised as well.
    """
    for tried in range(1, MAX_ATTEMPTS):
        try:
            return work()
        except DatabaseError as error:
            if not is_deadlock(error):
                raise
            log.warning("broken off by a deadlock, tried again", tried=tried)
        # Jitter, so that the same two transactions do not collide again.
        time.sleep(random.uniform(0, MAX_PAUSE * 2 ** (tried - 1)))  # noqa: S311 -- spreading load, not a secret
    return work()


def is_deadlock(error: DatabaseError) -> bool:
    """Whether the database aborted a transaction because of a deadlock or a serialization failure."""
    return getattr(error.__cause__, "sqlstate", None) in DEADLOCK_STATES
