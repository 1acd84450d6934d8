"""Many rows of a table in one test: what each does in the database is undone before the next."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction


@contextmanager
def undone() -> Iterator[None]:
    """Undo at the end what was written inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
