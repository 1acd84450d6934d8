"""Celery's way in: fetch by id, call the runner, nothing else."""

from uuid import UUID

import structlog
from celery import shared_task

from printmgmt.deprovisioning.runner import perform_due

log = structlog.get_logger(__name__)


@shared_task(name="deprovisioning.perform_run")
def perform_run(run_id: str) -> None:
    """Perform what is due of one run."""
    perform_due(run_id=UUID(run_id))


@shared_task(name="deprovisioning.sweep")
def sweep() -> None:
    """Perform what is due of all runs. Safe to run anywhere, any number of times."""
    perform_due()


def nudge(run_id: UUID) -> None:
    """Ask a worker to look at a run now; a lost nudge loses nothing, the sweep finds the row."""
    try:
        perform_run.apply_async(args=(str(run_id),), retry=False)
    except Exception as error:
        # Gone, full, restarting, unreadable: whatever the broker says, the leaving is committed and stays.
        log.warning("no nudge, the sweep will find the run", run=str(run_id), error=str(error))
