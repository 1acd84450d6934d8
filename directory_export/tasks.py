"""Celery's way in: fetch by id, call services and runner, nothing else."""

from uuid import UUID

from celery import shared_task

from directory_export.nudges import PERFORM, SWEEP
from directory_export.runner import perform_due
from directory_export.services import order_nightly
from printmgmt.rounds import on_its_own


@shared_task(name=PERFORM)
def perform(run_id: str) -> None:
    """Perform one run if it is due."""
    perform_due(run_id=UUID(run_id))


@shared_task(name=SWEEP)
def sweep() -> None:
    """Order what the clock says, then perform what is due. Safe to run anywhere, any number of times."""
    with on_its_own("ordering nightly exports"):
        order_nightly()
    perform_due()
