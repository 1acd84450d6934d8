"""Asks a worker to carry an uninstallation on now; by name, so that ordering knows nothing of the worker."""

from typing import Final
from uuid import UUID

import structlog
from celery import current_app

log = structlog.get_logger(__name__)

CARRY_OUT: Final = "addons.carry_out"


def nudge(installation: UUID) -> None:
    """A lost nudge loses nothing: the sweep finds the row."""
    try:
        current_app.send_task(CARRY_OUT, args=(str(installation),), retry=False)
    except Exception as error:
        # Gone, full, restarting: whatever the broker says, the order is committed and stays.
        log.warning("no nudge, the sweep will go on", installation=str(installation), error=str(error))
