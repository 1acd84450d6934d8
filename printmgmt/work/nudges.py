"""Asks a worker to look at rows now; by name, so that ordering work knows nothing of performing it."""

from functools import partial
from typing import Final

import structlog
from celery import current_app
from django.db import transaction

log = structlog.get_logger(__name__)

PERFORM: Final = "work.perform"


def nudge_after_commit(name: str, key: object) -> None:
    """Ask for the rows of the work ``name`` that ``key`` means, once this transaction is committed."""
    # robust: a broker that is down must not turn a committed change into an error.
    transaction.on_commit(partial(nudge, name, key), robust=True)


def nudge(name: str, key: object) -> None:
    """Ask now. A lost nudge loses nothing: the sweep finds the row."""
    try:
        current_app.send_task(PERFORM, args=(name, str(key)), retry=False)
    except Exception as error:
        # Gone, full, restarting, unreadable: whatever the broker says, the order is committed and stays.
        log.warning("no nudge, the sweep will find the work", work=name, key=str(key), error=str(error))
