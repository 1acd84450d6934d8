"""Celery's way in: call uninstalling and watching, nothing else."""

from uuid import UUID

from celery import shared_task

from addons import uninstalling, watching
from addons.nudges import CARRY_OUT, nudge


@shared_task(name=CARRY_OUT)
def carry_out(installation_id: str) -> None:
    """Go on with one uninstallation, and ask to be called again if it is not done."""
    if uninstalling.carry_out(UUID(installation_id)):
        nudge(UUID(installation_id))


@shared_task(name="addons.sweep")
def sweep() -> None:
    """Go on with every uninstallation. Safe to run anywhere, any number of times."""
    uninstalling.sweep()


@shared_task(name="addons.watch")
def watch() -> None:
    """Compare every installation's health with what was told. Safe to run anywhere, any number of times."""
    watching.watch()
