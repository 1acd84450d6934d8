"""Detects a database that is down or read-only, and recovers from it."""

from http import HTTPStatus
from typing import Final

from django.db import Error, InterfaceError, OperationalError, connection
from django.http import HttpResponse
from django.template.loader import render_to_string

RETRY_AFTER: Final = "30"
"""The value of ``Retry-After``, in seconds (RFC 9110 §10.2.3)."""

READ_ONLY: Final = "25006"
"""PostgreSQL's code for a write in a read-only transaction. Django raises InternalError for it."""

REPORTED_PARAMETERS: Final = ("default_transaction_read_only", "in_hot_standby")
"""Parameters that PostgreSQL (14 and later) reports with the next response after they change."""


def is_outage(error: BaseException | None) -> bool:
    """Whether ``error`` means that the database is down, is shutting down, or is read-only for now."""
    if isinstance(error, OperationalError | InterfaceError):
        return True
    return isinstance(error, Error) and getattr(error.__cause__, "sqlstate", None) == READ_ONLY


def require_writable() -> None:
    """Raise ``OperationalError`` if the server has reported that it is read-only. Makes no query.

    Otherwise reads would go on, from a standby that may be behind: people missing there would be created
    a second time.
    """
    info = getattr(connection.connection, "info", None)  # from psycopg; SQLite has none
    if info is not None and any(info.parameter_status(name) == "on" for name in REPORTED_PARAMETERS):
        raise OperationalError("the database is read-only")


def leave_broken_connection() -> None:
    """Close a broken connection after an error, so that the next query opens a new one.

    Does nothing within a transaction, which is rolled back first.
    """
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()


def outage_page() -> HttpResponse:
    """Return the console's response for an outage: 503 with ``Retry-After``. Makes no query."""
    page = render_to_string("503.html")
    headers = {"Retry-After": RETRY_AFTER, "Cache-Control": "no-store"}
    return HttpResponse(page, status=HTTPStatus.SERVICE_UNAVAILABLE, headers=headers)
