"""Celery tasks of the add-on."""

from celery import shared_task

from scim_sync.monitoring import periodic


@shared_task(name="scim_sync.maintain")
def maintain() -> None:
    """Maintain every installation: mails, cycles, pruning. Safe to run anywhere, any number of times."""
    periodic.maintain()
