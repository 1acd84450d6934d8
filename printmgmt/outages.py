"""When the database does not answer or takes no writes: which errors say so, and going on afterwards."""

from http import HTTPStatus
from typing import Final

from django.db import Error, InterfaceError, OperationalError, connection
from django.http import HttpResponse
from django.template.loader import render_to_string

RETRY_AFTER: Final = "30"
"""Seconds a client is asked to wait (RFC 9110 §10.2.3)."""

READ_ONLY: Final = "25006"
"""PostgreSQL's code for a write in a read-only transaction, which Django knows as an internal error."""

TOLD_BY_SERVER: Final = ("default_transaction_read_only", "in_hot_standby")
"""What PostgreSQL (from 14 on) says of itself unasked, with the first answer after it changed."""


def is_outage(error: BaseException | None) -> bool:
    """Whether ``error`` says that the database is away, is going away, or takes no writes for now."""
    if isinstance(error, OperationalError | InterfaceError):
        return True
    return isinstance(error, Error) and getattr(error.__cause__, "sqlstate", None) == READ_ONLY


def require_writable() -> None:
    """Raise ``OperationalError`` where the server has said that it takes no writes; asks it nothing.

    Without this, reads would go on: of a standby that may be behind, so that whoever is missing there is
    created a second time.
    """
    info = getattr(connection.connection, "info", None)  # psycopg's; SQLite has none
    if info is not None and any(info.parameter_status(name) == "on" for name in TOLD_BY_SERVER):
        raise OperationalError("the database is read-only")


def leave_broken_connection() -> None:
    """After an error: let the next query connect anew instead of meeting a connection that is dead.

    Within a transaction nothing is left to be done: it is rolled back first.
    """
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()


def outage_page() -> HttpResponse:
    """The console's answer, which needs nothing of a database: 503 with ``Retry-After``."""
    page = render_to_string("503.html")
    headers = {"Retry-After": RETRY_AFTER, "Cache-Control": "no-store"}
    return HttpResponse(page, status=HTTPStatus.SERVICE_UNAVAILABLE, headers=headers)
