"""Celery's way in: call the care, nothing else."""

from celery import shared_task

from scim_sync import care as rounds


@shared_task(name="scim_sync.care")
def care() -> None:
    """Look after every installation: mails, cycles, pruning. Safe to run anywhere, any number of times."""
    rounds.care()
