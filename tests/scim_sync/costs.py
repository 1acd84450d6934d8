"""What differs between the databases in what a request costs."""

from typing import Final

from django.db import connection

BODY: Final = 0 if connection.vendor == "postgresql" else 1
"""Statements for the body of an event: PostgreSQL inserts it together with the event."""
