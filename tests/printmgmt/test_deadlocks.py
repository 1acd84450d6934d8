"""Only what the database broke off for the sake of another transaction is tried again, and not for ever."""

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError
from psycopg import errors

from printmgmt.deadlocks import MAX_ATTEMPTS, retry_on_deadlock


def failing(tries: list[int], times: int, error: type[DatabaseError], cause: Exception) -> int:
    """How often it was tried; the first ``times`` fail."""
    tries.append(1)
    if len(tries) <= times:
        raise error from cause
    return len(tries)


@pytest.mark.parametrize("cause", [errors.DeadlockDetected(), errors.SerializationFailure()])
def test_what_was_broken_off_is_retried(cause: Exception) -> None:
    tries: list[int] = []

    assert (
        retry_on_deadlock(lambda: failing(tries, MAX_ATTEMPTS - 1, OperationalError, cause)) == MAX_ATTEMPTS
    )


def test_after_some_tries_it_is_the_callers_to_try_again() -> None:
    tries: list[int] = []

    with pytest.raises(OperationalError):
        retry_on_deadlock(lambda: failing(tries, MAX_ATTEMPTS, OperationalError, errors.DeadlockDetected()))

    assert len(tries) == MAX_ATTEMPTS


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (IntegrityError, errors.UniqueViolation()),
        (OperationalError, errors.AdminShutdown()),
        (OperationalError, ValueError()),
    ],
)
def test_whatever_else_goes_wrong_is_tried_once(error: type[DatabaseError], cause: Exception) -> None:
    tries: list[int] = []

    with pytest.raises(error):
        retry_on_deadlock(lambda: failing(tries, 1, error, cause))

    assert len(tries) == 1
