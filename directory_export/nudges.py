"""Asks a worker to look at a run now; by name, so that ordering knows nothing of performing."""

from typing import Final
from uuid import UUID

import structlog
from celery import current_app

log = structlog.get_logger(__name__)

PERFORM: Final = "directory_export.perform"
SWEEP: Final = "directory_export.sweep"


def nudge(run_id: UUID) -> None:
    """A lost nudge loses nothing: the sweep finds the row."""
    try:
        current_app.send_task(PERFORM, args=(str(run_id),), retry=False)
    except Exception as error:
        # Gone, full, restarting: whatever the broker says, the order is committed and stays.
        log.warning("no nudge, the sweep will find the export", run=str(run_id), error=str(error))
