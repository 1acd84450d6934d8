"""Celery's way in: nudges and beat, nothing else."""

from celery import shared_task

from printmgmt.work import sweeps
from printmgmt.work.nudges import PERFORM


@shared_task(name=PERFORM)
def perform(name: str, key: str) -> None:
    """Perform the due rows of the work ``name`` that ``key`` means."""
    sweeps.perform_one(name, key)


@shared_task(name="work.sweep")
def sweep(name: str) -> None:
    """Perform all that is due of the work ``name``. Safe to run anywhere, any number of times."""
    sweeps.sweep(name)
