"""Celery's way in: call watching, nothing else."""

from celery import shared_task

from addons import watching


@shared_task(name="addons.watch")
def watch() -> None:
    """Mail every change of an installation's health. Safe to run anywhere, any number of times."""
    watching.watch()
